// `lectern completions`: scripts that complete the words of the command line. They are made of the
// table of subcommands: of each one's usage line and of the options its help lists. What only the
// library knows - feeds, tags - the scripts ask for when Tab is pressed.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "args.h"
#include "commands.h"
#include "completions.h"
#include "lectern/buf.h"
#include "lectern/mem.h"
#include "lectern/store.h"
#include "lectern/theme.h"

#define X(name) &cmd_##name,
static const struct command *const commands[] = {COMMANDS(X) NULL};
#undef X

// ---- what a word may be ----

// "FEED", "ID|FILE|ADDRESS|-", "html|markdown|text" -> "feeds", "files", "=html markdown text";
// "" where nobody can say.
static void kind_of(const char *word, size_t len, struct buf *out)
{
    static const struct {
        const char *word, *kind;
    } kinds[] = {{"FEED", "feeds"},   {"TAG", "tags"},        {"T", "tags"},
                 {"FILE", "files"},   {"DIRECTORY", "files"}, {"DOCUMENT", "files"},
                 {"THEME", "themes"}, {"VIEW", "views"}};
    struct buf literal = {0};
    const char *found = "";
    for (size_t at = 0; at < len;) {
        size_t n = strcspn(word + at, "|");
        n = n > len - at ? len - at : n;
        for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
            if (strlen(kinds[i].word) == n && strncmp(kinds[i].word, word + at, n) == 0)
                found = kinds[i].kind;
        if (word[at] >= 'a' && word[at] <= 'z') {
            buf_str(&literal, literal.len ? " " : "=");
            buf_add(&literal, word + at, n);
        }
        at += n + 1;
    }
    buf_str(out, literal.len ? literal.data : found);
    buf_free(&literal);
}

// The kind of an option's value, from the usage line: "[--tag TAG]", "[--from html|text]".
static void option_kind(const struct command *c, const char *name, struct buf *out)
{
    char *wanted = mem_printf("--%s ", name);
    const char *at = strstr(c->usage, wanted);
    if (at) {
        at += strlen(wanted);
        kind_of(at, strcspn(at, " ]"), out);
    }
    free(wanted);
}

// What stands after the command's name, once each: the kinds of its own words.
static void word_kinds(const struct command *c, struct buf *out)
{
    const char *p = c->usage + strcspn(c->usage, " ");
    for (bool option = false; *p;) {
        p += strspn(p, " [");
        size_t len = strcspn(p, " ].");
        if (*p == '-' && len > 1) {
            option = p[len] == ' '; // its value follows
        } else if (option) {
            option = false;
        } else if (len) {
            struct buf kind = {0};
            if (*p == '<')
                break;
            bool own = strlen(c->name) == len && strncmp(c->name, p, len) == 0; // "| export opml"
            kind_of(p, own ? 0 : len, &kind);
            if (kind.len && (!out->len || !strstr(out->data, kind.data)))
                buf_printf(out, "%s%s", out->len ? ";" : "", kind.data);
            buf_free(&kind);
        }
        p += len;
        p += strspn(p, " ].");
    }
}

// The options a command's help lists: "  -t, --tag TAG   what it is".
bool completion_option(const struct command *c, size_t i, struct completion_option *out)
{
    const char *line = c->help ? c->help : "";
    for (; *line; line = strchr(line, '\n') ? strchr(line, '\n') + 1 : "") {
        const char *p = line + strspn(line, " ");
        if (p == line || *p != '-')
            continue;
        struct completion_option o = {0};
        if (p[1] != '-') {
            o.letter = p[1];
            p += strspn(p + 2, ", ") + 2;
        }
        if (strncmp(p, "--", 2) != 0)
            continue;
        size_t len = strcspn(p + 2, " \n");
        snprintf(o.name, sizeof o.name, "%.*s", (int)len, p + 2);
        p += 2 + len;
        size_t gap = strspn(p, " ");
        size_t word = strcspn(p + gap, " \n"); // a word in capitals right behind it is its value
        o.value = gap == 1 && word;
        for (size_t k = 0; k < word; k++)
            o.value = o.value && p[gap + k] >= 'A' && p[gap + k] <= 'Z';
        p += o.value ? gap + word : 0;
        p += strspn(p, " ");
        snprintf(o.what, sizeof o.what, "%.*s", (int)strcspn(p, "\n"), p);
        if (i--)
            continue;
        *out = o;
        return true;
    }
    return false;
}

// ---- the scripts ----

static void quoted(struct buf *out, const char *s)
{
    buf_char(out, '\'');
    for (; *s; s++)
        if (*s == '\'')
            buf_str(out, "'\\''");
        else
            buf_char(out, *s);
    buf_char(out, '\'');
}

static void bash_case(struct buf *out, const struct command *c)
{
    struct completion_option o;
    struct buf kinds = {0}, options = {0};
    word_kinds(c, &kinds);
    buf_printf(out, "    %s)\n        case $prev in\n", c->name);
    for (size_t i = 0; completion_option(c, i, &o); i++) {
        buf_printf(&options, "%s--%s", options.len ? " " : "", o.name);
        if (!o.value)
            continue;
        struct buf kind = {0};
        option_kind(c, o.name, &kind);
        buf_printf(out, "        --%s", o.name);
        if (o.letter)
            buf_printf(out, "|-%c", o.letter);
        buf_str(out, ") _lectern_kind ");
        quoted(out, buf_cstr(&kind));
        buf_str(out, "; return ;;\n");
        buf_free(&kind);
    }
    buf_str(out, "        esac\n        _lectern_words ");
    quoted(out, buf_cstr(&options));
    buf_char(out, ' ');
    quoted(out, buf_cstr(&kinds));
    buf_str(out, "\n        ;;\n");
    buf_free(&kinds);
    buf_free(&options);
}

static void bash(struct buf *out)
{
    buf_str(out,
            "# bash completion of lectern, made by `lectern completions bash`\n"
            "_lectern_add() {\n"
            "    local line\n"
            "    while IFS= read -r line; do\n"
            "        line=$(printf %q \"$line\")\n"
            "        [[ $line == \"$cur\"* ]] && COMPREPLY+=(\"$line\")\n"
            "    done\n"
            "}\n"
            "_lectern_kind() {\n"
            "    local kind\n"
            "    IFS=';' read -ra kind <<<\"$1\"\n"
            "    for kind in \"${kind[@]}\"; do\n"
            "        case $kind in\n"
            "        =*) _lectern_add < <(printf '%s\\n' ${kind#=}) ;;\n"
            "        files) while IFS= read -r kind; do COMPREPLY+=(\"$kind\"); done "
            "< <(compgen -f -- \"$cur\"); compopt -o filenames 2>/dev/null ;;\n"
            "        ?*) _lectern_add < <(\"${COMP_WORDS[0]}\" completions --words \"$kind\" "
            "2>/dev/null) ;;\n"
            "        esac\n"
            "    done\n"
            "}\n"
            "_lectern_words() {\n"
            "    if [[ $cur == -* ]]; then\n"
            "        _lectern_add < <(printf '%s\\n' $1 --help)\n"
            "    else\n"
            "        _lectern_kind \"$2\"\n"
            "    fi\n"
            "}\n"
            "_lectern() {\n"
            "    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} command= i\n"
            "    COMPREPLY=()\n"
            "    for ((i = 1; i < COMP_CWORD; i++)); do\n"
            "        case ${COMP_WORDS[i]} in\n"
            "        --library|--config) ((i++)) ;;\n"
            "        -*) ;;\n"
            "        *) command=${COMP_WORDS[i]}; break ;;\n"
            "        esac\n"
            "    done\n"
            "    case $command in\n"
            "    '')\n"
            "        case $prev in --library|--config) _lectern_kind files; return ;; esac\n"
            "        _lectern_words '--library --config --version' '=");
    for (size_t i = 0; commands[i]; i++)
        buf_printf(out, "%s ", commands[i]->name);
    buf_str(out, "help'\n        ;;\n    help) _lectern_words '' '=");
    for (size_t i = 0; commands[i]; i++)
        buf_printf(out, "%s%s", i ? " " : "", commands[i]->name);
    buf_str(out, "' ;;\n");
    for (size_t i = 0; commands[i]; i++)
        bash_case(out, commands[i]);
    buf_str(out, "    esac\n}\ncomplete -F _lectern lectern\n");
}

// Colons and brackets part the fields of zsh's specifications.
static void zsh_escaped(struct buf *out, const char *s)
{
    for (; *s; s++) {
        if (strchr(":[]\\", *s))
            buf_char(out, '\\');
        if (*s == '\'')
            buf_str(out, "'\\''");
        else
            buf_char(out, *s);
    }
}

static void zsh_action(struct buf *out, const char *kind)
{
    if (*kind == '=')
        buf_printf(out, "(%s)", kind + 1);
    else if (strcmp(kind, "files") == 0)
        buf_str(out, "_files");
    else if (*kind)
        buf_printf(out, "{_lectern_words %s}", kind);
    else
        buf_char(out, ' ');
}

static void zsh_case(struct buf *out, const struct command *c)
{
    struct completion_option o;
    struct buf kinds = {0};
    word_kinds(c, &kinds);
    buf_printf(out, "    %s) _arguments -s", c->name);
    for (size_t i = 0; completion_option(c, i, &o); i++) {
        struct buf kind = {0};
        option_kind(c, o.name, &kind);
        if (o.letter)
            buf_printf(out, " \\\n        '*'{-%c,--%s}'[", o.letter, o.name);
        else
            buf_printf(out, " \\\n        '*--%s[", o.name);
        zsh_escaped(out, o.what);
        buf_char(out, ']');
        if (o.value) {
            buf_str(out, ":value:");
            zsh_action(out, buf_cstr(&kind));
        }
        buf_char(out, '\'');
        buf_free(&kind);
    }
    char *more = NULL, *words = mem_strdup(buf_cstr(&kinds));
    char *first = strtok_r(words, ";", &more);
    if (first) {
        buf_str(out, " \\\n        '*:word:");
        char *second = strtok_r(NULL, ";", &more);
        if (second) // several kinds: all of them are offered
            buf_printf(out, "{_lectern_kinds \"%s\" \"%s\"}", first, second);
        else
            zsh_action(out, first);
        buf_char(out, '\'');
    }
    buf_str(out, " ;;\n");
    free(words);
    buf_free(&kinds);
}

static void zsh(struct buf *out)
{
    buf_str(out, "#compdef lectern\n"
                 "# zsh completion of lectern, made by `lectern completions zsh`\n"
                 "_lectern_words() {\n"
                 "    local -a found\n"
                 "    found=(\"${(@f)$(_call_program words lectern completions --words $1)}\")\n"
                 "    compadd -M 'm:{a-z}={A-Z}' -a found\n"
                 "}\n"
                 "_lectern_kinds() {\n"
                 "    local kind\n"
                 "    for kind in \"$@\"; do\n"
                 "        case $kind in\n"
                 "        '='*) compadd ${=kind#=} ;;\n"
                 "        files) _files ;;\n"
                 "        *) _lectern_words $kind ;;\n"
                 "        esac\n"
                 "    done\n"
                 "}\n"
                 "_lectern() {\n"
                 "    local curcontext=$curcontext state line\n"
                 "    local -a commands\n"
                 "    commands=(\n");
    for (size_t i = 0; commands[i]; i++) {
        buf_printf(out, "        '%s:", commands[i]->name);
        zsh_escaped(out, commands[i]->summary);
        buf_str(out, "'\n");
    }
    buf_str(out, "        'help:the commands, or the options of one'\n"
                 "    )\n"
                 "    _arguments -C \\\n"
                 "        '--library[the library to use]:file:_files' \\\n"
                 "        '--config[the configuration to use]:file:_files' \\\n"
                 "        '--version[version of Lectern and of its libraries]' \\\n"
                 "        '1:command:->command' '*::word:->word'\n"
                 "    case $state in\n"
                 "    command) _describe command commands; return ;;\n"
                 "    word) ;;\n"
                 "    *) return ;;\n"
                 "    esac\n"
                 "    case $line[1] in\n"
                 "    help) _describe command commands ;;\n");
    for (size_t i = 0; commands[i]; i++)
        zsh_case(out, commands[i]);
    buf_str(out, "    esac\n}\n_lectern \"$@\"\n");
}

static void fish_words(struct buf *out, const char *kinds)
{
    char *more = NULL, *words = mem_strdup(kinds);
    for (char *k = strtok_r(words, ";", &more); k; k = strtok_r(NULL, ";", &more)) {
        if (strcmp(k, "files") == 0)
            continue; // -F says so
        if (*k == '=')
            buf_printf(out, "%s ", k + 1);
        else
            buf_printf(out, "(lectern completions --words %s 2>/dev/null) ", k);
    }
    free(words);
}

static void fish_line(struct buf *out, const char *command, const struct completion_option *o,
                      const char *kinds)
{
    struct buf words = {0};
    bool files = strstr(kinds, "files") != NULL;
    buf_str(out, "complete -c lectern -n ");
    char *when = mem_printf("__fish_seen_subcommand_from %s", command);
    quoted(out, when);
    free(when);
    if (o) {
        buf_printf(out, " -l %s", o->name);
        if (o->letter)
            buf_printf(out, " -s %c", o->letter);
        if (o->value)
            buf_str(out, files ? " -rF" : " -x");
        buf_str(out, " -d ");
        quoted(out, o->what);
    } else {
        buf_str(out, files ? " -F" : " -f");
    }
    fish_words(&words, kinds);
    if (words.len && (!o || o->value)) {
        buf_str(out, " -a ");
        quoted(out, words.data);
    }
    buf_char(out, '\n');
    buf_free(&words);
}

static void fish(struct buf *out)
{
    buf_str(out,
            "# fish completion of lectern, made by `lectern completions fish`\n"
            "complete -c lectern -f\n"
            "complete -c lectern -n __fish_use_subcommand -l library -rF -d 'the library to use'\n"
            "complete -c lectern -n __fish_use_subcommand -l config -rF "
            "-d 'the configuration to use'\n"
            "complete -c lectern -n __fish_use_subcommand -l version "
            "-d 'version of Lectern and of its libraries'\n"
            "complete -c lectern -n __fish_use_subcommand -a help "
            "-d 'the commands, or the options of one'\n");
    for (size_t i = 0; commands[i]; i++) {
        const struct command *c = commands[i];
        struct buf kinds = {0};
        struct completion_option o;
        buf_printf(out, "complete -c lectern -n __fish_use_subcommand -a %s -d ", c->name);
        quoted(out, c->summary);
        buf_char(out, '\n');
        for (size_t k = 0; completion_option(c, k, &o); k++) {
            struct buf kind = {0};
            option_kind(c, o.name, &kind);
            fish_line(out, c->name, &o, buf_cstr(&kind));
            buf_free(&kind);
        }
        word_kinds(c, &kinds);
        if (kinds.len)
            fish_line(out, c->name, NULL, kinds.data);
        buf_free(&kinds);
    }
}

// ---- words the scripts ask for ----

static void put_feeds(struct store *s, struct arena *a, struct buf *out)
{
    struct feed_rows feeds = {0};
    if (store_feeds(s, a, &feeds, NULL))
        for (size_t i = 0; i < feeds.n; i++)
            buf_printf(out, "%s\n", feeds.items[i].title);
}

static void put_tags(struct store *s, struct arena *a, struct buf *out)
{
    struct tag_row *tags;
    size_t n;
    if (store_tags(s, a, &tags, &n, NULL))
        for (size_t i = 0; i < n; i++)
            buf_printf(out, "%s\n", tags[i].tag);
}

static void put_words(const struct session *se, const char *kind, struct buf *out)
{
    struct arena *a = arena_new();
    struct store *s = NULL;
    if (strcmp(kind, "themes") == 0) {
        struct theme_entry *themes;
        size_t n = theme_list(a, &themes);
        for (size_t i = 0; i < n; i++)
            buf_printf(out, "%s\n", themes[i].name);
    } else if (strcmp(kind, "views") == 0) {
        for (int v = 0; v < VIEW_KIND_COUNT; v++)
            buf_printf(out, "%s\n", view_kind_name((enum view_kind)v));
    } else if (store_open(se->library, STORE_READ, &s, NULL)) {
        if (strcmp(kind, "feeds") == 0)
            put_feeds(s, a, out);
        else if (strcmp(kind, "tags") == 0)
            put_tags(s, a, out);
        store_close(s);
    }
    arena_free(a);
}

static int run(const struct session *s, int argc, char **argv)
{
    const char *kind = NULL;
    const struct arg_option options[] = {{.name = "words", .value = &kind}, {.name = NULL}};
    struct arg_list words = {0};
    if (!args_parse(&cmd_completions, argc, argv, options, &words, 0, 1))
        return EXIT_USAGE;
    struct buf out = {0};
    int code = EXIT_DONE;
    const char *shell = words.n ? words.items[0] : "";
    if (kind)
        put_words(s, kind, &out);
    else if (strcmp(shell, "bash") == 0)
        bash(&out);
    else if (strcmp(shell, "zsh") == 0)
        zsh(&out);
    else if (strcmp(shell, "fish") == 0)
        fish(&out);
    else
        code = args_usage(&cmd_completions, "name a shell: bash, zsh or fish");
    fwrite(buf_cstr(&out), 1, out.len, stdout);
    buf_free(&out);
    args_free(&words);
    return code;
}

const struct command cmd_completions = {
    .name = "completions",
    .usage = "completions bash|zsh|fish [--words feeds|tags|themes|views]",
    .summary = "print a script that completes these commands in a shell",
    .help = "bash: put it into ~/.local/share/bash-completion/completions/lectern\n"
            "zsh:  into a file _lectern in a folder of $fpath\n"
            "fish: into ~/.config/fish/completions/lectern.fish\n\n"
            "`make install` puts them where the shells look by themselves.\n\n"
            "  --words KIND   what the scripts ask for: one name a line",
    .run = run,
};
