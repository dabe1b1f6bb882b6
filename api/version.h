/* What the API calls itself. */
#ifndef API_VERSION_H
#define API_VERSION_H

#define VEDETTE_VERSION "0.1.0"

#endif
