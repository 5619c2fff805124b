// `lectern --version`: what runs here and on what, for bug reports. It asks every library for its
// own name and so is the one file besides their doors that knows them all.
#ifdef HAVE_CSV
#include <csv.h>
#endif
#include <curl/curl.h>
#include <curses.h>
#include <fribidi.h>
#include <jansson.h>
#include <libxml/xmlversion.h>
#ifdef HAVE_QRENCODE
#include <qrencode.h>
#endif
#include <sqlite3.h>
#include <stdio.h>
#include <unistring/version.h>
#ifdef HAVE_YAML
#include <yaml.h>
#endif
#ifdef HAVE_ZIP
#include <zip.h>
#endif
#include <zstd.h>

#include "lectern/buf.h"
#include "lectern/version.h"
#include "commands.h"

// discount 2 and 3 both have it; its header declares things that differ between them.
extern char markdown_version[];

const char *version_network(struct buf *out)
{
    const curl_version_info_data *curl = curl_version_info(CURLVERSION_NOW);
    buf_printf(out, "libcurl %s with %s", curl->version,
               curl->ssl_version ? curl->ssl_version : "no TLS");
    if (!curl->ssl_version)
        return NULL;
#if LIBCURL_VERSION_NUM >= 0x075400 // 7.84.0, and only there is it what transfers really use
    if (curl->cainfo)
        return curl->cainfo;
#endif
    return "";
}

int version_print(void)
{
    const curl_version_info_data *curl = curl_version_info(CURLVERSION_NOW);
    puts("lectern " LECTERN_VERSION);
    printf("%s, libcurl %s (%s, %s), libxml2 " LIBXML_DOTTED_VERSION ", discount %s,\n",
           curses_version(), curl->version, curl->ssl_version ? curl->ssl_version : "no TLS",
           curl->features & CURL_VERSION_HTTP2 ? "HTTP/2" : "no HTTP/2", markdown_version);
    printf("SQLite %s, zstd %s, libunistring %d.%d, jansson " JANSSON_VERSION
           ", fribidi " FRIBIDI_VERSION "\n",
           sqlite3_libversion(), ZSTD_versionString(), _libunistring_version >> 16,
           _libunistring_version >> 8 & 255);
    // What may be left out at build time: a reader should know which.
#ifdef HAVE_HYPHEN
    puts("libhyphen: words are divided by the patterns in /usr/share/hyphen");
#else
    puts("built without libhyphen: words are not divided");
#endif
#ifdef HAVE_THAI
    puts("libthai: lines of Thai end between words");
#else
    puts("built without libthai: lines of Thai end between syllables");
#endif
#ifdef HAVE_QRENCODE
    printf("libqrencode %s: addresses are shown as QR codes\n", QRcode_APIVersionString());
#else
    puts("built without libqrencode: no QR codes");
#endif
#ifdef HAVE_CSV
    printf("libcsv %d.%d.%d: tables of bookmarks, as Pocket exports them\n", CSV_MAJOR, CSV_MINOR,
           CSV_RELEASE);
#else
    puts("built without libcsv: no tables of bookmarks, as Pocket exports them");
#endif
#ifdef HAVE_YAML
    printf("libyaml %s: folders of bookmarks are read\n", yaml_get_version_string());
#else
    puts("built without libyaml: folders of bookmarks are written and not read");
#endif
#ifdef HAVE_ZIP
    printf("libzip %s: books for e-readers\n", zip_libzip_version());
#else
    puts("built without libzip: no books for e-readers");
#endif
#ifndef HAVE_LIBDEFLATE
    puts("built without libdeflate: zlib unpacks gzip");
#endif
#ifndef HAVE_BROTLI
    puts("built without brotli: servers are asked for gzip and zstd");
#endif
    puts(LECTERN_HOME);
    return EXIT_DONE;
}
