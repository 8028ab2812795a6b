/*
 * A libudev.so.1 that knows the serial ports of one text file and nothing else, so that a browser finds a pty as a USB
 * serial port on a machine without USB. It has the functions that Chromium asks for (device/udev_linux in its source).
 *
 * RIG_PORTS   the ports that are plugged in, one a line: name node major minor vendor product serial model
 *             (vendor and product are hexadecimal; \x20 is a space in the model)
 * RIG_EVENTS  a file that must exist; "add NAME" or "remove NAME" is appended to it when a port comes or goes
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/types.h>
#include <unistd.h>

#define FOLDER "/sys/devices/rig/tty/"
#define COUNTED(type)                                      \
  struct type *type##_ref(struct type *it) {               \
    if (it) it->holders++;                                 \
    return it;                                             \
  }                                                        \
  struct type *type##_unref(struct type *it) {             \
    if (it && --it->holders == 0) type##_free(it);         \
    return NULL;                                           \
  }
/* Filters and relatives that a machine with one kind of device does not have. */
#define ANSWERS(result, value, function, ...) \
  result function(__VA_ARGS__) { return value; }
#define UNUSED __attribute__((unused))

struct udev {
  int holders;
};
struct udev_list_entry {
  struct udev_list_entry *next;
  char name[128];
};
struct udev_enumerate {
  int holders;
  int wants_tty;
  struct udev_list_entry *first;
};
struct udev_device {
  int holders;
  char action[16];
  char name[64], node[256], major[8], minor[8], vendor[8], product[8], serial[64], model[128];
  char path[128];
};
struct udev_monitor {
  int holders;
  int fd;
  FILE *events;
};

static void *fresh(size_t size) {
  int *it = calloc(1, size);
  if (!it) abort();
  *it = 1; /* every struct that is counted begins with its holders */
  return it;
}

static FILE *ports(void) {
  const char *path = getenv("RIG_PORTS");
  return path ? fopen(path, "re") : NULL;
}

static int parse(const char *line, struct udev_device *port) {
  int fields = sscanf(line, "%63s %255s %7s %7s %7s %7s %63s %127s", port->name, port->node, port->major, port->minor,
                      port->vendor, port->product, port->serial, port->model);
  snprintf(port->path, sizeof port->path, FOLDER "%s", port->name);
  return fields == 8;
}

/* ---- the library itself */

static void udev_free(struct udev *it) { free(it); }
struct udev *udev_new(void) { return fresh(sizeof(struct udev)); }
COUNTED(udev)

/* ---- listing */

static void udev_enumerate_free(struct udev_enumerate *it) {
  while (it->first) {
    struct udev_list_entry *next = it->first->next;
    free(it->first);
    it->first = next;
  }
  free(it);
}
COUNTED(udev_enumerate)

struct udev_enumerate *udev_enumerate_new(struct udev *library UNUSED) {
  struct udev_enumerate *it = fresh(sizeof *it);
  it->wants_tty = 1;
  return it;
}

int udev_enumerate_add_match_subsystem(struct udev_enumerate *it, const char *subsystem) {
  it->wants_tty = strcmp(subsystem, "tty") == 0;
  return 0;
}

int udev_enumerate_scan_devices(struct udev_enumerate *it) {
  FILE *file = it->wants_tty ? ports() : NULL;
  char line[1024];
  struct udev_device port;
  while (file && fgets(line, sizeof line, file)) {
    if (!parse(line, &port)) continue;
    struct udev_list_entry *entry = fresh(sizeof *entry);
    strcpy(entry->name, port.path);
    entry->next = it->first;
    it->first = entry;
  }
  if (file) fclose(file);
  return 0;
}

struct udev_list_entry *udev_enumerate_get_list_entry(struct udev_enumerate *it) { return it->first; }
struct udev_list_entry *udev_list_entry_get_next(struct udev_list_entry *it) { return it ? it->next : NULL; }
const char *udev_list_entry_get_name(struct udev_list_entry *it) { return it ? it->name : NULL; }
struct udev_list_entry *udev_list_entry_get_by_name(struct udev_list_entry *it, const char *name) {
  while (it && strcmp(it->name, name) != 0) it = it->next;
  return it;
}
ANSWERS(const char *, NULL, udev_list_entry_get_value, struct udev_list_entry *it UNUSED)
ANSWERS(int, 0, udev_enumerate_add_match_property, struct udev_enumerate *it UNUSED, const char *k UNUSED, const char *v UNUSED)
ANSWERS(int, 0, udev_enumerate_add_match_sysattr, struct udev_enumerate *it UNUSED, const char *k UNUSED, const char *v UNUSED)
ANSWERS(int, 0, udev_enumerate_add_nomatch_subsystem, struct udev_enumerate *it UNUSED, const char *s UNUSED)
ANSWERS(int, 0, udev_enumerate_add_match_is_initialized, struct udev_enumerate *it UNUSED)

/* ---- ports */

static void udev_device_free(struct udev_device *it) { free(it); }
COUNTED(udev_device)

struct udev_device *udev_device_new_from_syspath(struct udev *library UNUSED, const char *path) {
  struct udev_device *port = fresh(sizeof *port);
  FILE *file = ports();
  char line[1024];
  int found = 0;
  while (file && !found && fgets(line, sizeof line, file)) found = parse(line, port) && strcmp(port->path, path) == 0;
  if (file) fclose(file);
  if (found) return port;
  free(port);
  errno = ENOENT;
  return NULL;
}

const char *udev_device_get_property_value(struct udev_device *it, const char *key) {
  const struct {
    const char *key, *value;
  } known[] = {
      {"DEVNAME", it->node},         {"MAJOR", it->major},       {"MINOR", it->minor},
      {"SUBSYSTEM", "tty"},          {"ID_BUS", "usb"},          {"ID_VENDOR_ID", it->vendor},
      {"ID_MODEL_ID", it->product},  {"ID_SERIAL_SHORT", it->serial}, {"ID_MODEL_ENC", it->model},
  };
  for (size_t i = 0; i < sizeof known / sizeof *known; i++)
    if (strcmp(known[i].key, key) == 0) return known[i].value;
  return NULL;
}

ANSWERS(const char *, it->action[0] ? it->action : NULL, udev_device_get_action, struct udev_device *it)
ANSWERS(const char *, it->node, udev_device_get_devnode, struct udev_device *it)
ANSWERS(const char *, it->name, udev_device_get_sysname, struct udev_device *it)
ANSWERS(const char *, it->path, udev_device_get_syspath, struct udev_device *it)
ANSWERS(const char *, it->path + strlen("/sys"), udev_device_get_devpath, struct udev_device *it)
ANSWERS(const char *, "tty", udev_device_get_subsystem, struct udev_device *it UNUSED)
ANSWERS(const char *, NULL, udev_device_get_devtype, struct udev_device *it UNUSED)
ANSWERS(const char *, NULL, udev_device_get_driver, struct udev_device *it UNUSED)
ANSWERS(const char *, NULL, udev_device_get_sysattr_value, struct udev_device *it UNUSED, const char *k UNUSED)
ANSWERS(int, -1, udev_device_set_sysattr_value, struct udev_device *it UNUSED, const char *k UNUSED, char *v UNUSED)
ANSWERS(int, 1, udev_device_get_is_initialized, struct udev_device *it UNUSED)
ANSWERS(dev_t, 0, udev_device_get_devnum, struct udev_device *it UNUSED)
ANSWERS(unsigned long long, 0, udev_device_get_seqnum, struct udev_device *it UNUSED)
ANSWERS(struct udev_list_entry *, NULL, udev_device_get_properties_list_entry, struct udev_device *it UNUSED)
ANSWERS(struct udev_list_entry *, NULL, udev_device_get_sysattr_list_entry, struct udev_device *it UNUSED)
ANSWERS(struct udev_list_entry *, NULL, udev_device_get_devlinks_list_entry, struct udev_device *it UNUSED)
ANSWERS(struct udev_device *, NULL, udev_device_get_parent, struct udev_device *it UNUSED)
ANSWERS(struct udev_device *, NULL, udev_device_get_parent_with_subsystem_devtype, struct udev_device *it UNUSED,
        const char *s UNUSED, const char *t UNUSED)
ANSWERS(struct udev_device *, NULL, udev_device_new_from_devnum, struct udev *l UNUSED, char t UNUSED, dev_t n UNUSED)
ANSWERS(struct udev_device *, NULL, udev_device_new_from_subsystem_sysname, struct udev *l UNUSED, const char *s UNUSED,
        const char *n UNUSED)

/* ---- coming and going */

static void udev_monitor_free(struct udev_monitor *it) {
  if (it->fd >= 0) close(it->fd);
  if (it->events) fclose(it->events);
  free(it);
}
COUNTED(udev_monitor)

struct udev_monitor *udev_monitor_new_from_netlink(struct udev *library UNUSED, const char *name UNUSED) {
  struct udev_monitor *it = fresh(sizeof *it);
  it->fd = -1;
  return it;
}

int udev_monitor_get_fd(struct udev_monitor *it) {
  const char *path = getenv("RIG_EVENTS");
  if (it->fd >= 0 || !path) return it->fd;
  it->fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
  inotify_add_watch(it->fd, path, IN_MODIFY);
  it->events = fopen(path, "re");
  if (it->events) fseek(it->events, 0, SEEK_END);
  return it->fd;
}

struct udev_device *udev_monitor_receive_device(struct udev_monitor *it) {
  char line[256], action[16], name[64];
  if (it->events) clearerr(it->events);
  if (!it->events || !fgets(line, sizeof line, it->events)) {
    /* All is read. The descriptor must be emptied, or it stays readable and its reader spins. */
    char noise[4096];
    while (read(it->fd, noise, sizeof noise) > 0) continue;
    return NULL;
  }
  if (sscanf(line, "%15s %63s", action, name) != 2) return NULL;
  char path[128];
  snprintf(path, sizeof path, FOLDER "%s", name);
  struct udev_device *port = udev_device_new_from_syspath(NULL, path);
  if (!port) { /* a port that has gone is no longer listed */
    port = fresh(sizeof *port);
    strcpy(port->name, name);
    strcpy(port->path, path);
  }
  strcpy(port->action, action);
  return port;
}
ANSWERS(int, 0, udev_monitor_filter_add_match_subsystem_devtype, struct udev_monitor *it UNUSED, const char *s UNUSED,
        const char *t UNUSED)
ANSWERS(int, 0, udev_monitor_filter_add_match_tag, struct udev_monitor *it UNUSED, const char *t UNUSED)
ANSWERS(int, 0, udev_monitor_enable_receiving, struct udev_monitor *it UNUSED)
ANSWERS(int, 0, udev_monitor_set_receive_buffer_size, struct udev_monitor *it UNUSED, int s UNUSED)
ANSWERS(struct udev *, NULL, udev_monitor_get_udev, struct udev_monitor *it UNUSED)
