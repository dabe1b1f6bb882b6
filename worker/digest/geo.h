/*
 * Where an address is (ingest.md §3.7), by a City database in MaxMind's format that the setting
 * geoip_database names.
 *
 * The file is mapped when the program begins and looked at again every few seconds: one that was
 * put in its place, by renaming, is used from then on; while there is none, or none that can be
 * read, the last one stays.  Any thread may call; the database is shared and locked.
 */
#ifndef WORKER_DIGEST_GEO_H
#define WORKER_DIGEST_GEO_H

#include "base/jt.h"

/* Before threads and forks, so that the log says at once what is wrong with the file. */
void geo_begin(void);

/* {"country_code", "city", "subdivision", "region"}, as far as they are known: codes of ISO 3166,
 * names in English, the region being the country's name.  NULL when nothing is. */
struct jt *geo_of(struct arena *a, struct str address);

#endif
