/*
 * Makes system calls of one process fail, late or deadly: preloaded with LD_PRELOAD, told what to do by the file
 * that SHIM_RULES names. The file is read again whenever it changes, so faults come and go while the process runs.
 *
 * A rule is a line:   <call> <part of the path> <skip> <times> <action> [<argument>]
 *
 *   call      write fdatasync fsync open rename unlink link ftruncate
 *   path      a part of the file's path (of the new name for rename and link); * for any
 *   skip      so many matching calls pass first
 *   times     so many calls are hit then; -1 for all that come
 *   action    error <errno>   the call fails with that number
 *             short <bytes>   write: takes so many bytes at most
 *             delay <ms>      the call is made after a pause
 *             kill-before     the process is killed instead of the call
 *             kill-after      the process is killed when the call has returned
 *
 * Every hit is appended to <SHIM_RULES>.hits as "<call> <action> <path>", so that a test can tell that its fault came.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

#define MOST_RULES 32

struct rule {
  char call[16], path[256], action[16];
  long skip, times, argument;
};

static struct rule rules[MOST_RULES];
static int count = 0;
static struct timespec read_at = {0, 0};
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void *real(const char *name) { return dlsym(RTLD_NEXT, name); }

/* Only raw system calls in here: the functions of the library may be the ones that are being shimmed. */
static void load(const char *file) {
  struct stat now;
  if (syscall(SYS_newfstatat, AT_FDCWD, file, &now, 0) != 0) { count = 0; return; }
  if (now.st_mtim.tv_sec == read_at.tv_sec && now.st_mtim.tv_nsec == read_at.tv_nsec) return;
  int fd = syscall(SYS_openat, AT_FDCWD, file, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return;
  static char text[8192];
  ssize_t got = syscall(SYS_read, fd, text, sizeof text - 1);
  syscall(SYS_close, fd);
  if (got < 0) return;
  text[got] = 0;
  read_at = now.st_mtim;
  count = 0;
  char *rest = text;
  for (char *line = strsep(&rest, "\n"); line && count < MOST_RULES; line = strsep(&rest, "\n")) {
    struct rule *r = &rules[count];
    r->argument = 0;
    if (sscanf(line, "%15s %255s %ld %ld %15s %ld", r->call, r->path, &r->skip, &r->times, r->action,
               &r->argument) >= 5) count++;
  }
}

static void tell(const char *file, const struct rule *r, const char *path) {
  char name[PATH_MAX], text[PATH_MAX + 64];
  snprintf(name, sizeof name, "%s.hits", file);
  int fd = syscall(SYS_openat, AT_FDCWD, name, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  if (fd < 0) return;
  int length = snprintf(text, sizeof text, "%s %s %s\n", r->call, r->action, path);
  syscall(SYS_write, fd, text, length);
  syscall(SYS_close, fd);
}

/* The rule that hits a call, copied to `hit`; 0 where none does. */
static int struck(const char *call, const char *path, struct rule *hit) {
  const char *file = getenv("SHIM_RULES");
  if (!file) return 0;
  int found = 0;
  pthread_mutex_lock(&lock);
  load(file);
  for (int n = 0; n < count && !found; n++) {
    struct rule *r = &rules[n];
    if (strcmp(r->call, call) || (strcmp(r->path, "*") && !strstr(path, r->path)) || r->times == 0) continue;
    if (r->skip > 0) { r->skip--; continue; }
    if (r->times > 0) r->times--;
    *hit = *r;
    found = 1;
    tell(file, r, path);
  }
  pthread_mutex_unlock(&lock);
  if (found && !strcmp(hit->action, "kill-before")) kill(getpid(), SIGKILL);
  if (found && !strcmp(hit->action, "delay")) {
    struct timespec pause = {hit->argument / 1000, hit->argument % 1000 * 1000000L};
    nanosleep(&pause, NULL);
  }
  return found;
}

static int fails(int found, const struct rule *hit) {
  if (!found || strcmp(hit->action, "error")) return 0;
  errno = (int)hit->argument;
  return 1;
}

static void afterwards(int found, const struct rule *hit) {
  if (found && !strcmp(hit->action, "kill-after")) kill(getpid(), SIGKILL);
}

static int struck_fd(const char *call, int fd, struct rule *hit) {
  char link[64], path[PATH_MAX];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = syscall(SYS_readlinkat, AT_FDCWD, link, path, sizeof path - 1);
  if (length <= 0 || path[0] != '/') return 0;
  path[length] = 0;
  return struck(call, path, hit);
}

#define SHIM(call, found, expression) \
  struct rule hit; \
  int found_ = found; \
  if (fails(found_, &hit)) return -1; \
  int result = expression; \
  int kept = errno; \
  afterwards(found_, &hit); \
  errno = kept; \
  return result;

ssize_t write(int fd, const void *bytes, size_t length) {
  static ssize_t (*next)(int, const void *, size_t);
  if (!next) next = real("write");
  struct rule hit;
  int found = struck_fd("write", fd, &hit);
  if (fails(found, &hit)) return -1;
  if (found && !strcmp(hit.action, "short") && (long)length > hit.argument) length = hit.argument;
  ssize_t result = next(fd, bytes, length);
  int kept = errno;
  afterwards(found, &hit);
  errno = kept;
  return result;
}

int fdatasync(int fd) {
  static int (*next)(int);
  if (!next) next = real("fdatasync");
  SHIM("fdatasync", struck_fd("fdatasync", fd, &hit), next(fd))
}

int fsync(int fd) {
  static int (*next)(int);
  if (!next) next = real("fsync");
  SHIM("fsync", struck_fd("fsync", fd, &hit), next(fd))
}

int ftruncate64(int fd, off64_t length) {
  static int (*next)(int, off64_t);
  if (!next) next = real("ftruncate64");
  SHIM("ftruncate", struck_fd("ftruncate", fd, &hit), next(fd, length))
}

int rename(const char *from, const char *to) {
  static int (*next)(const char *, const char *);
  if (!next) next = real("rename");
  SHIM("rename", struck("rename", to, &hit), next(from, to))
}

int unlink(const char *path) {
  static int (*next)(const char *);
  if (!next) next = real("unlink");
  SHIM("unlink", struck("unlink", path, &hit), next(path))
}

int linkat(int from_folder, const char *from, int to_folder, const char *to, int flags) {
  static int (*next)(int, const char *, int, const char *, int);
  if (!next) next = real("linkat");
  SHIM("link", struck("link", to, &hit), next(from_folder, from, to_folder, to, flags))
}

int open64(const char *path, int flags, ...) {
  static int (*next)(const char *, int, ...);
  if (!next) next = real("open64");
  va_list more;
  va_start(more, flags);
  mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(more, mode_t) : 0;
  va_end(more);
  SHIM("open", flags & (O_WRONLY | O_RDWR) ? struck("open", path, &hit) : 0, next(path, flags, mode))
}
