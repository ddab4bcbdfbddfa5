/* SPDX-License-Identifier: Apache-2.0 */
#include "survey/rich_devices.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

enum { MOST_ARGS = 6 };

/*
 * The devices need nothing from the host: the disks are empty without a file, the networks lead
 * nowhere, and there are no ROM files, which come in packages of their own. A hub accepts a frame
 * only if it has another end that the frame could go to. Each device has its own slot in the middle
 * of the bus: devices of the machine and of libvirt are below and above these slots. QEMU creates
 * devices that the command line gives as JSON after these devices, and gives each of them a slot.
 */
static const struct {
    const char *models[3]; /* the entry needs all of them */
    const char *args[MOST_ARGS];
} devices[] = {
    {{"virtio-blk-pci"},
     {"-blockdev", "driver=null-co,node-name=disk,size=16777216,read-zeroes=on", "-device",
      "virtio-blk-pci,addr=0xc,drive=disk"}},
    {{"virtio-scsi-pci", "scsi-hd"},
     {"-blockdev", "driver=null-co,node-name=scsi,size=16777216,read-zeroes=on", "-device",
      "virtio-scsi-pci,addr=0xd", "-device", "scsi-hd,drive=scsi"}},
    {{"virtio-net-pci"},
     {"-netdev", "hubport,id=net,hubid=0", "-netdev", "hubport,id=net-end,hubid=0", "-device",
      "virtio-net-pci,addr=0xe,netdev=net,romfile=,mac=52:54:00:00:00:01"}},
    {{"e1000e"},
     {"-netdev", "hubport,id=wire,hubid=1", "-netdev", "hubport,id=wire-end,hubid=1", "-device",
      "e1000e,addr=0xf,netdev=wire,romfile=,mac=52:54:00:00:00:02"}},
    {{"virtio-rng-pci"}, {"-device", "virtio-rng-pci,addr=0x10"}},
    {{"virtio-balloon-pci"}, {"-device", "virtio-balloon-pci,addr=0x11"}},
    {{"virtio-serial-pci", "virtserialport"},
     {"-chardev", "null,id=port", "-device", "virtio-serial-pci,addr=0x12", "-device",
      "virtserialport,chardev=port,name=migtest"}},
    /* The default resolution changed between 5.2 and 7.2, even for old machine types. */
    {{"virtio-gpu-pci"}, {"-device", "virtio-gpu-pci,addr=0x13,xres=1280,yres=800"}},
    {{"VGA"}, {"-device", "VGA,addr=0x14,romfile="}},
    {{"qemu-xhci", "usb-tablet"}, {"-device", "qemu-xhci,addr=0x15", "-device", "usb-tablet"}},
    {{"intel-hda", "hda-duplex"},
     {"-audiodev", "none,id=sound", "-device", "intel-hda,addr=0x16", "-device",
      "hda-duplex,audiodev=sound"}},
    {{"i6300esb"}, {"-device", "i6300esb,addr=0x17"}},
};

static bool has_device(const json_t *abilities, const char *model)
{
    const json_t *known;
    size_t i;

    json_array_foreach (json_object_get(abilities, "devices"), i, known) {
        if (strcmp(json_string_value(known), model) == 0) {
            return true;
        }
    }
    return false;
}

void mt_rich_devices_add(struct mt_strings *args, const json_t *source, const json_t *destination)
{
    for (size_t i = 0; i < sizeof(devices) / sizeof(devices[0]); i++) {
        bool known = true;
        for (const char *const *model = devices[i].models; *model != NULL; model++) {
            known = known && has_device(source, *model) && has_device(destination, *model);
        }
        for (size_t j = 0; known && j < MOST_ARGS && devices[i].args[j] != NULL; j++) {
            mt_strings_add(args, "%s", devices[i].args[j]);
        }
    }
}
