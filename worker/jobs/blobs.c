#include <dirent.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "base/settings.h"
#include "sql.h"
#include "storage/blobs.h"
#include "worker/jobs/job.h"

enum { NAME_DIGITS = 64, FOLDER_DIGITS = 2, FILES_AT_ONCE = 10000 };

struct sweep {
    struct job *job;
    const char *dir;
    struct str *old; /* names of one folder's files that are older than a day */
    size_t old_count;
    long long deleted;
};

static bool is_old(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 && S_ISREG(st.st_mode) &&
           clock_now() - (int64_t)st.st_mtim.tv_sec * CLOCK_SECOND > CLOCK_DAY;
}

static void note_file(struct sweep *s, const char *folder, const char *file)
{
    struct arena *a = s->job->arena;
    if (strlen(file) != NAME_DIGITS - FOLDER_DIGITS || s->old_count == FILES_AT_ONCE)
        return;
    if (is_old(arena_printf(a, "%s/%s/%s", s->dir, folder, file)))
        s->old[s->old_count++] = str_of(arena_printf(a, "%s%s", folder, file));
}

static void delete_unknown(struct sweep *s)
{
    if (!s->old_count)
        return;
    struct rows *r = pg_query(s->job->db, s->job->arena, &SQL_blobs_unknown,
                              pg_text_array(s->job->arena, s->old, s->old_count));
    while (rows_next(r))
        s->deleted += blob_delete(s->dir, rows_str(r, 0));
}

static void sweep_folder(struct sweep *s, const char *folder)
{
    DIR *files = opendir(arena_printf(s->job->arena, "%s/%s", s->dir, folder));
    s->old_count = 0;
    for (struct dirent *file; files && (file = readdir(files));)
        note_file(s, folder, file->d_name);
    if (files)
        closedir(files);
    delete_unknown(s);
}

/* While a record may still wait in a log, the files it names have no row yet. */
static bool may_sweep(struct job *j)
{
    struct rows *r = pg_query(j->db, j->arena, &SQL_blobs_may_go, pg_time(j->arena, clock_now()));
    return rows_next(r) && rows_bool(r, 0);
}

bool job_blobs(struct job *j)
{
    struct sweep s = {.job = j, .dir = arena_printf(j->arena, "%s/blobs", settings()->data_dir)};
    if (!may_sweep(j))
        return job_answer(j, "waits for the digest");
    s.old = arena_take(j->arena, FILES_AT_ONCE * sizeof(*s.old));
    DIR *folders = opendir(s.dir);
    for (struct dirent *folder; folders && (folder = readdir(folders));) {
        if (strlen(folder->d_name) == FOLDER_DIGITS && folder->d_name[0] != '.')
            sweep_folder(&s, folder->d_name);
    }
    if (folders)
        closedir(folders);
    return job_answer(j, "%lld files", s.deleted);
}
