/*
 * Address ranges as people write them in settings: "10.0.0.0/8 2001:db8::/32 192.0.2.7", separated
 * by blanks or commas.  An IPv4 address in IPv6 clothes (::ffff:192.0.2.7) is the IPv4 address.
 * Nothing here fails on hostile bytes: what is no address is in no range.  Any thread may call.
 */
#ifndef BASE_NETWORK_H
#define BASE_NETWORK_H

#include "base/str.h"

/* Whether `address` lies in one of `ranges`. */
bool network_has(struct str ranges, struct str address);

/* Whether every range can be read; *wrong is the first that cannot. */
bool network_is_valid(struct str ranges, struct str *wrong);

#endif
