// Months are known by how they begin, after accents and case are folded away: "sept.", "Septiembre"
// and "septembre" are one entry. Longer beginnings stand before shorter ones where languages differ
// (Czech červen and červenec).
#include "date_names.h"

#include <stdint.h>
#include <string.h>

#include "lectern/utf8.h"

static const struct month {
    const char *start;
    int month;
} months[] = {
    // Latin letters
    {"january", 1},
    {"jan", 1},
    {"janv", 1},
    {"ene", 1},
    {"gen", 1},
    {"sty", 1},
    {"led", 1},
    {"tammi", 1},
    {"ian", 1},
    {"oca", 1},
    {"xan", 1},
    {"sijec", 1},
    {"feb", 2},
    {"fev", 2},
    {"lut", 2},
    {"helmi", 2},
    {"uno", 2},
    {"sub", 2},
    {"febr", 2},
    {"velj", 2},
    {"mar", 3},
    {"maerz", 3},
    {"mrz", 3},
    {"mrt", 3},
    {"maart", 3},
    {"brez", 3},
    {"maalis", 3},
    {"ozu", 3},
    {"apr", 4},
    {"avr", 4},
    {"abr", 4},
    {"kwi", 4},
    {"dub", 4},
    {"huhti", 4},
    {"nis", 4},
    {"trav", 4},
    {"may", 5},
    {"mai", 5},
    {"maj", 5},
    {"mag", 5},
    {"mei", 5},
    {"touko", 5},
    {"kve", 5},
    {"svib", 5},
    {"cervenec", 7},
    {"cervence", 7},
    {"jun", 6},
    {"juin", 6},
    {"giu", 6},
    {"cze", 6},
    {"kesa", 6},
    {"cerv", 6},
    {"haz", 6},
    {"iun", 6},
    {"xun", 6},
    {"lip", 7},
    {"jul", 7},
    {"juil", 7},
    {"lug", 7},
    {"heina", 7},
    {"tem", 7},
    {"iul", 7},
    {"xul", 7},
    {"srpnj", 7},
    {"aug", 8},
    {"aou", 8},
    {"ago", 8},
    {"sie", 8},
    {"elo", 8},
    {"srp", 8},
    {"agu", 8},
    {"kolov", 8},
    {"sep", 9},
    {"set", 9},
    {"wrz", 9},
    {"syys", 9},
    {"zar", 9},
    {"eyl", 9},
    {"szep", 9},
    {"ruj", 9},
    {"oct", 10},
    {"okt", 10},
    {"ott", 10},
    {"out", 10},
    {"paz", 10},
    {"loka", 10},
    {"rij", 10},
    {"eki", 10},
    {"nov", 11},
    {"lis", 11},
    {"marras", 11},
    {"kas", 11},
    {"noi", 11},
    {"noe", 11},
    {"stud", 11},
    {"dec", 12},
    {"dez", 12},
    {"dic", 12},
    {"des", 12},
    {"gru", 12},
    {"joulu", 12},
    {"pro", 12},
    {"ara", 12},
    {"dit", 12},
    {"pros", 12},
    // Cyrillic: Russian, Bulgarian, Serbian, Ukrainian
    {"янв", 1},
    {"ян", 1},
    {"јан", 1},
    {"січ", 1},
    {"фев", 2},
    {"феб", 2},
    {"лют", 2},
    {"мар", 3},
    {"бер", 3},
    {"апр", 4},
    {"кві", 4},
    {"май", 5},
    {"мая", 5},
    {"мај", 5},
    {"тра", 5},
    {"июн", 6},
    {"юни", 6},
    {"јун", 6},
    {"чер", 6},
    {"июл", 7},
    {"юли", 7},
    {"јул", 7},
    {"лип", 7},
    {"авг", 8},
    {"сер", 8},
    {"сен", 9},
    {"сеп", 9},
    {"вер", 9},
    {"окт", 10},
    {"жов", 10},
    {"ноя", 11},
    {"ное", 11},
    {"нов", 11},
    {"лис", 11},
    {"дек", 12},
    {"дец", 12},
    {"гру", 12},
    // Greek
    {"ιαν", 1},
    {"φεβ", 2},
    {"μαρ", 3},
    {"απρ", 4},
    {"μαι", 5},
    {"ιουν", 6},
    {"ιουλ", 7},
    {"αυγ", 8},
    {"σεπ", 9},
    {"οκτ", 10},
    {"νοε", 11},
    {"δεκ", 12},
};

// A letter without its case and accent; 0 for what is no letter.
static uint32_t fold(uint32_t c)
{
    static const char latin1[] =
        "aaaaaaaceeeeiiiidnooooo ouuuuypsaaaaaaaceeeeiiiidnooooo ouuuuypy"; // U+00C0..U+00FF
    static const char extended[] =                                          // U+0100..U+017F
        "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiiijjkkkllllllllllnnnnnnnnnoooooooorrrrrr"
        "ssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";
    if (c >= 'A' && c <= 'Z')
        return c | 32;
    if (c < 0x80)
        return c >= 'a' && c <= 'z' ? c : 0;
    if (c >= 0xC0 && c <= 0xFF)
        return (uint32_t)(unsigned char)latin1[c - 0xC0];
    if (c >= 0x100 && c < 0x100 + sizeof extended - 1)
        return (uint32_t)(unsigned char)extended[c - 0x100];
    if (c >= 0x410 && c <= 0x42F)
        return c + 0x20;
    if (c >= 0x400 && c <= 0x40F)
        return c + 0x50;
    switch (c) { // Greek with tonos or dialytika
    case 0x386:
    case 0x3AC:
        return 0x3B1;
    case 0x388:
    case 0x3AD:
        return 0x3B5;
    case 0x389:
    case 0x3AE:
        return 0x3B7;
    case 0x38A:
    case 0x3AF:
    case 0x390:
    case 0x3CA:
    case 0x3AA:
        return 0x3B9;
    case 0x38C:
    case 0x3CC:
        return 0x3BF;
    case 0x38E:
    case 0x3CD:
    case 0x3CB:
    case 0x3B0:
        return 0x3C5;
    case 0x3C2:
        return 0x3C3;
    default:
        break;
    }
    if (c >= 0x391 && c <= 0x3A9)
        return c + 0x20;
    return (c >= 0x430 && c <= 0x45F) || (c >= 0x3B1 && c <= 0x3C9) ? c : 0;
}

int date_month(const char *s, size_t len)
{
    char word[64];
    size_t n = 0;
    for (size_t i = 0; i < len && n + 4 < sizeof word;) {
        uint32_t c;
        i += utf8_decode(s + i, len - i, &c);
        if (c == 0x301 || c == 0x30C || c == 0x308 || c == 0x327) // an accent on its own
            continue;
        c = fold(c);
        if (!c)
            return 0;
        n += utf8_encode(c, word + n);
    }
    word[n] = '\0';
    int found = 0;
    size_t longest = 0;
    for (size_t i = 0; i < sizeof months / sizeof *months; i++) {
        if (months[i].start[0] != word[0])
            continue;
        size_t m = strlen(months[i].start);
        if (m > longest && n >= m && memcmp(word, months[i].start, m) == 0) {
            found = months[i].month;
            longest = m;
        }
    }
    return found;
}

static const struct zone {
    const char *name;
    int minutes;
} zones[] = {
    {"GMT", 0},     {"UTC", 0},     {"UT", 0},      {"Z", 0},      {"WET", 0},     {"WEST", 60},
    {"BST", 60},    {"IST", 330},   {"CET", 60},    {"MEZ", 60},   {"CEST", 120},  {"MESZ", 120},
    {"EET", 120},   {"EEST", 180},  {"MSK", 180},   {"MSD", 240},  {"TRT", 180},   {"SAST", 120},
    {"CAT", 120},   {"EAT", 180},   {"WAT", 60},    {"GST", 240},  {"PKT", 300},   {"ICT", 420},
    {"WIB", 420},   {"HKT", 480},   {"SGT", 480},   {"PHT", 480},  {"AWST", 480},  {"JST", 540},
    {"KST", 540},   {"ACST", 570},  {"ACDT", 630},  {"AEST", 600}, {"AEDT", 660},  {"NZST", 720},
    {"NZDT", 780},  {"EST", -300},  {"EDT", -240},  {"ET", -300},  {"CST", -360},  {"CDT", -300},
    {"CT", -360},   {"MST", -420},  {"MDT", -360},  {"MT", -420},  {"PST", -480},  {"PDT", -420},
    {"PT", -480},   {"AST", -240},  {"ADT", -180},  {"NST", -210}, {"NDT", -150},  {"AKST", -540},
    {"AKDT", -480}, {"HST", -600},  {"HADT", -540}, {"BRT", -180}, {"BRST", -120}, {"ART", -180},
    {"CLT", -240},  {"CLST", -180}, {"COT", -300},  {"PET", -300}, {"VET", -240},  {"IDT", 180},
    {"NPT", 345},   {"SST", -660},
};

bool date_zone(const char *name, int *minutes)
{
    for (size_t i = 0; i < sizeof zones / sizeof *zones; i++)
        if (strcmp(zones[i].name, name) == 0) {
            *minutes = zones[i].minutes;
            return true;
        }
    // The military letters. RFC 822 gave them the wrong sign and RFC 2822 made them mean nothing;
    // what people who write them mean is the NATO's: A is one hour east.
    if (name[1] == '\0' && name[0] >= 'A' && name[0] <= 'Z' && name[0] != 'J') {
        int c = name[0];
        *minutes = 60 * (c <= 'I'   ? c - 'A' + 1
                         : c <= 'M' ? c - 'K' + 10
                         : c <= 'Y' ? -(c - 'N' + 1)
                                    : 0);
        return true;
    }
    return false;
}
