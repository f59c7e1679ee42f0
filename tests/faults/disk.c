/* Stands between a program and its disk: LD_PRELOAD=disk.so.

   Only files under the folder FAULT_DISK_ROOT are meant. FAULT_DISK_ORDERS names a file of two 32-bit
   numbers that the harness changes while the program runs: how many more writes succeed, and the errno
   that each one after them gets (0: none fails). FAULT_DISK_JOURNAL, where set, names a file to which
   every change is appended, so that the harness can tell what a power cut would have left. */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

enum op { WRITE = 1, TRUNCATE, SYNC, CREATE, UNLINK, RENAME };

struct record { /* followed by the path, then by `size` bytes: what was written, or the new name */
    uint32_t op, path_bytes;
    int64_t offset, size;
};

struct orders { volatile int32_t left, error; };

static const char *root;
static size_t root_bytes;
static struct orders *orders;
static int journal = -1;
static pthread_mutex_t turn = PTHREAD_MUTEX_INITIALIZER;

#define NEXT(name) __typeof__(&name) next = (__typeof__(&name))dlsym(RTLD_NEXT, #name)

__attribute__((constructor)) static void set_up(void)
{
    NEXT(open64);
    const char *orders_path = getenv("FAULT_DISK_ORDERS"), *journal_path = getenv("FAULT_DISK_JOURNAL");
    if (orders_path) {
        int fd = next(orders_path, O_RDWR | O_CLOEXEC);
        orders = mmap(NULL, sizeof *orders, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
        close(fd);
    }
    if (journal_path)
        journal = next(journal_path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
    root = getenv("FAULT_DISK_ROOT");
    root_bytes = root ? strlen(root) : 0;
}

static int meant(const char *path)
{
    return root && !strncmp(path, root, root_bytes);
}

static int name_of(int fd, char path[PATH_MAX])
{
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t bytes = root ? readlink(link, path, PATH_MAX - 1) : -1;
    if (bytes < 0)
        return 0;
    path[bytes] = 0;
    return meant(path);
}

static int refused(void)
{
    if (!orders || !orders->error || __sync_fetch_and_sub(&orders->left, 1) > 0)
        return 0;
    errno = orders->error;
    return 1;
}

static void note(enum op op, const char *path, int64_t offset, const void *data, size_t size)
{
    if (journal < 0)
        return;
    struct record record = {op, strlen(path), offset, size};
    struct iovec pieces[] = {
        {&record, sizeof record}, {(void *)path, record.path_bytes}, {(void *)data, data ? size : 0}};
    int kept = errno;
    pthread_mutex_lock(&turn);
    if (writev(journal, pieces, 3) < 0)
        abort();
    pthread_mutex_unlock(&turn);
    errno = kept;
}

ssize_t write(int fd, const void *data, size_t size)
{
    NEXT(write);
    char path[PATH_MAX];
    if (!name_of(fd, path))
        return next(fd, data, size);
    if (refused())
        return -1;
    int64_t offset = lseek(fd, 0, SEEK_CUR);
    ssize_t done = next(fd, data, size);
    if (done > 0)
        note(WRITE, path, offset, data, done);
    return done;
}

ssize_t pwrite64(int fd, const void *data, size_t size, off64_t offset)
{
    NEXT(pwrite64);
    char path[PATH_MAX];
    if (!name_of(fd, path))
        return next(fd, data, size, offset);
    if (refused())
        return -1;
    ssize_t done = next(fd, data, size, offset);
    if (done > 0)
        note(WRITE, path, offset, data, done);
    return done;
}

int ftruncate64(int fd, off64_t size)
{
    NEXT(ftruncate64);
    char path[PATH_MAX];
    if (!name_of(fd, path))
        return next(fd, size);
    if (refused())
        return -1;
    int done = next(fd, size);
    if (!done)
        note(TRUNCATE, path, size, NULL, 0);
    return done;
}

int fsync(int fd)
{
    NEXT(fsync);
    char path[PATH_MAX];
    if (!name_of(fd, path))
        return next(fd);
    if (refused())
        return -1;
    note(SYNC, path, 0, NULL, 0); /* the harness needs no real one: the machine stays on */
    return 0;
}

int fdatasync(int fd)
{
    return fsync(fd);
}

int open64(const char *path, int flags, ...)
{
    NEXT(open64);
    va_list rest;
    va_start(rest, flags);
    mode_t mode = flags & O_CREAT ? va_arg(rest, mode_t) : 0;
    va_end(rest);
    struct stat known;
    int makes = flags & O_CREAT && meant(path) && stat(path, &known);
    if (makes && refused())
        return -1;
    int fd = next(path, flags, mode);
    if (fd >= 0 && makes)
        note(CREATE, path, 0, NULL, 0);
    else if (fd >= 0 && flags & O_TRUNC && meant(path))
        note(TRUNCATE, path, 0, NULL, 0);
    return fd;
}

int open(const char *path, int flags, ...)
{
    va_list rest;
    va_start(rest, flags);
    mode_t mode = flags & O_CREAT ? va_arg(rest, mode_t) : 0;
    va_end(rest);
    return open64(path, flags, mode);
}

int unlink(const char *path)
{
    NEXT(unlink);
    int done = next(path);
    if (!done && meant(path))
        note(UNLINK, path, 0, NULL, 0);
    return done;
}

int rename(const char *from, const char *to)
{
    NEXT(rename);
    if (meant(to) && refused())
        return -1;
    int done = next(from, to);
    if (!done && meant(to))
        note(RENAME, from, 0, to, strlen(to));
    return done;
}
