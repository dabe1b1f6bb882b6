#include "worker/span/redis.h"

enum { COMMAND_MAX = 24 };

/* In order, a blank around each; the first word of those that have two. */
static const char commands[] =
    " ACL APPEND ASKING AUTH BF BGREWRITEAOF BGSAVE BITCOUNT BITFIELD BITFIELD_RO BITOP BITPOS"
    " BLMOVE BLMPOP BLPOP BRPOP BRPOPLPUSH BZMPOP BZPOPMAX BZPOPMIN CLIENT CLUSTER COMMAND CONFIG"
    " COPY DBSIZE DEBUG DECR DECRBY DEL DISCARD DUMP ECHO EVAL EVALSHA EVALSHA_RO EVAL_RO EXEC"
    " EXISTS EXPIRE EXPIREAT EXPIRETIME FAILOVER FCALL FCALL_RO FLUSHALL FLUSHDB FUNCTION GEOADD"
    " GEODIST GEOHASH GEOPOS GEORADIUS GEORADIUSBYMEMBER GEOSEARCH GEOSEARCHSTORE GET GETBIT GETDEL"
    " GETEX GETRANGE GETSET HDEL HELLO HEXISTS HGET HGETALL HINCRBY HINCRBYFLOAT HKEYS HLEN HMGET"
    " HMSET HRANDFIELD HSCAN HSET HSETNX HSTRLEN HVALS INCR INCRBY INCRBYFLOAT INFO KEYS LASTSAVE"
    " LATENCY LCS LINDEX LINSERT LLEN LMOVE LMPOP LOLWUT LPOP LPOS LPUSH LPUSHX LRANGE LREM LSET"
    " LTRIM MEMORY MGET MIGRATE MODULE MONITOR MOVE MSET MSETNX MULTI OBJECT PERSIST PEXPIRE"
    " PEXPIREAT PEXPIRETIME PFADD PFCOUNT PFMERGE PING PSETEX PSUBSCRIBE PSYNC PTTL PUBLISH PUBSUB"
    " PUNSUBSCRIBE QUIT RANDOMKEY READONLY READWRITE RENAME RENAMENX REPLICAOF RESET RESTORE ROLE"
    " RPOP RPOPLPUSH RPUSH RPUSHX SADD SAVE SCAN SCARD SCRIPT SDIFF SDIFFSTORE SELECT SET SETBIT"
    " SETEX SETNX SETRANGE SHUTDOWN SINTER SINTERCARD SINTERSTORE SISMEMBER SLAVEOF SLOWLOG "
    "SMEMBERS"
    " SMISMEMBER SMOVE SORT SORT_RO SPOP SPUBLISH SRANDMEMBER SREM SSCAN SSUBSCRIBE STRLEN "
    "SUBSCRIBE"
    " SUBSTR SUNION SUNIONSTORE SUNSUBSCRIBE SWAPDB SYNC TIME TOUCH TTL TYPE UNLINK UNSUBSCRIBE"
    " UNWATCH WAIT WAITAOF WATCH XACK XADD XAUTOCLAIM XCLAIM XDEL XGROUP XINFO XLEN XPENDING XRANGE"
    " XREAD XREADGROUP XREVRANGE XSETID XTRIM ZADD ZCARD ZCOUNT ZDIFF ZDIFFSTORE ZINCRBY ZINTER"
    " ZINTERCARD ZINTERSTORE ZLEXCOUNT ZMPOP ZMSCORE ZPOPMAX ZPOPMIN ZRANDMEMBER ZRANGE ZRANGEBYLEX"
    " ZRANGEBYSCORE ZRANGESTORE ZRANK ZREM ZREMRANGEBYLEX ZREMRANGEBYRANK ZREMRANGEBYSCORE "
    "ZREVRANGE"
    " ZREVRANGEBYLEX ZREVRANGEBYSCORE ZREVRANK ZSCAN ZSCORE ZUNION ZUNIONSTORE ";

static struct str first_word(struct str text)
{
    text = str_trim(text);
    size_t n = 0;
    while (n < text.n && !strchr(" \t\r\n", text.p[n]))
        n++;
    return str_slice(text, 0, n);
}

struct str redis_command(struct arena *a, struct str text)
{
    struct str word = first_word(text);
    char *capitals = arena_take(a, COMMAND_MAX + 2);
    if (!word.n || word.n > COMMAND_MAX)
        return (struct str){0};
    capitals[0] = capitals[word.n + 1] = ' ';
    for (size_t i = 0; i < word.n; i++)
        capitals[i + 1] =
            word.p[i] >= 'a' && word.p[i] <= 'z' ? (char)(word.p[i] - 'a' + 'A') : word.p[i];
    bool known =
        str_has((struct str){commands, sizeof(commands) - 1}, (struct str){capitals, word.n + 2});
    return known ? (struct str){capitals + 1, word.n} : (struct str){0};
}

struct str redis_description(struct arena *a, struct str text)
{
    struct str command = redis_command(a, text);
    bool alone = first_word(text).n == str_trim(text).n;
    if (!command.p)
        return S("*");
    return alone ? command : str_of(arena_printf(a, "%.*s *", STR_ARG(command)));
}
