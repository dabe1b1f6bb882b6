/* Replays, as other resources name them. */
#ifndef API_REPLAYS_H
#define API_REPLAYS_H

#include "base/request.h"
#include "base/uuid.h"

/* The replay that the path names by {replay}, of the path's project; false after answering 404. */
bool replay_in_path(struct request *rq, struct uuid *id);

#endif
