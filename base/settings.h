/*
 * Every setting in one struct, made from base/settings.def.
 *
 * settings_load() is called once in main before threads and forks; unknown names and bad values end
 * the program with one clear line on standard error and status 2.  Afterwards settings() is read by
 * any thread.  The file is $VEDETTE_CONFIG, else /etc/vedette.conf; a missing default file is fine.
 */
#ifndef BASE_SETTINGS_H
#define BASE_SETTINGS_H

#include <stdint.h>

#include "base/buf.h"
#include "base/str.h"

#define SETTINGS_TYPE_TEXT const char *
#define SETTINGS_TYPE_INT int64_t
#define SETTINGS_TYPE_BOOL bool

struct settings {
#define SETTING(name, kind, fallback, min, max, reload, manual) SETTINGS_TYPE_##kind name;
#include "base/settings.def"
#undef SETTING
};

void settings_load(void);
void settings_reload(
    void); /* reads the settings marked reload again; a bad file changes nothing and is logged */
const struct settings *settings(void);

/* Reads one NAME=value file over the current values; *error names the line. For tests and tools. */
bool settings_read(struct settings *into, struct str file, struct buf *error);

/* All names, values and manual texts: as NAME=value lines, or as the README's Markdown table. */
void settings_print(struct buf *to);
void settings_manual(struct buf *to);

#endif
