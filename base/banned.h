/*
 * Calls that no file of ours may make; the Makefile includes this in front of every source, so that
 * using one does not compile.  (tests/lint/banned.sh looks for those whose names are also words,
 * like system.)  The headers that declare them come first, because a poisoned name may not even be
 * declared.
 *
 *   strcpy strcat sprintf vsprintf gets    no bound             -> buf_*, arena_printf, snprintf
 *   strncpy strncat                        no end, or a count   -> struct str
 *   strtok ctime asctime gmtime localtime  hidden shared state  -> str_split, clock.h
 *   atoi atol atoll atof                   no error             -> text_int64, text_double
 *   tmpnam tempnam mktemp                  guessable            -> uuid_random, mkstemp
 *   alloca setjmp longjmp                  the arena's work     -> arena_alloc
 */
#ifndef BASE_BANNED_H
#define BASE_BANNED_H

#include <alloca.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <wchar.h>

#undef alloca
#undef setjmp
#pragma GCC poison strcpy strcat sprintf vsprintf gets strncpy strncat strtok ctime asctime gmtime
#pragma GCC poison localtime atoi atol atoll atof tmpnam tempnam mktemp alloca setjmp longjmp

#endif
