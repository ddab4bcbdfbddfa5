/* SPDX-License-Identifier: Apache-2.0 */
/* What each kind of virtio device is asked: harmless, and answered at once. */
#include <stddef.h>

#include "arch/io.h"
#include "guest/common/devices.h"
#include "guest/common/virtio.h"
#include "guest/contract.h"

/* Where a request's parts lie in the buffers of its device. */
#define REQUEST 0x000
#define DATA 0x100
#define ANSWER 0x400

#define NET_TRANSMIT 1
#define NET_CONTROL 2
/* A control queue, and by it what is received; no VLANs: QEMU 7.2 loses their table on load. */
#define NET_FEATURES 0x00060000
#define NET_HEADER_SIZE 12
#define NET_FRAME_SIZE 60
#define NET_EXPERIMENTAL 0xb588
#define NET_PROMISCUOUS 0x0000 /* class and command of the control queue */
#define NET_ALL_MULTICAST 0x0100

#define BLOCK_SECTOR 512
#define UNANSWERED 0xff

#define CONSOLE_CONTROL 3
#define CONSOLE_PORT_1 5
#define CONSOLE_MULTIPORT 0x2
#define CONSOLE_DEVICE_READY 0
#define CONSOLE_PORT_READY 3
#define CONSOLE_PORT_OPEN 6

#define BALLOON_INFLATE 0
#define BALLOON_DEFLATE 1
#define BALLOON_ACTUAL 4

#define SCSI_REQUESTS 2
#define SCSI_REQUEST_SIZE 51
#define SCSI_COMMAND 19
#define SCSI_ANSWER_SIZE 108
#define SCSI_STATUS 10 /* of the answer, where the response is in the next byte */
#define TEST_UNIT_READY 0x00
#define INQUIRY 0x12
#define INQUIRY_SIZE 36
#define PREVENT_REMOVAL 0x1e

#define GPU_CONTROL 0
#define GPU_HEADER_SIZE 24
#define GPU_DISPLAY_INFO 0x0100
#define GPU_DISPLAY_INFO_SIZE 408
#define GPU_CREATE 0x0101
#define GPU_SCANOUT 0x0103
#define GPU_TRANSFER 0x0105
#define GPU_ATTACH 0x0106
#define GPU_DONE 0x1100
#define GPU_RESOURCE 0x6d
#define GPU_FORMAT 2 /* blue, green, red, unused */
#define GPU_SIDE 4
#define GPU_BACKING_SIZE (GPU_SIDE * GPU_SIDE * 4)

static volatile uint32_t *words_at(const struct virtio *virtio, uint32_t offset)
{
    return (volatile uint32_t *)virtio_buffer(virtio, offset);
}

static void clear(const struct virtio *virtio, uint32_t offset, uint32_t size)
{
    for (uint32_t i = 0; i < size; i++) {
        virtio_buffer(virtio, offset)[i] = 0;
    }
}

static void send_frame(const struct virtio *virtio)
{
    const struct virtio_buffer buffers[] = {{REQUEST, NET_HEADER_SIZE + NET_FRAME_SIZE, false},
                                            {0}};
    volatile uint32_t *words = words_at(virtio, REQUEST);

    words[3] = 0xffffffff; /* to all */
    words[4] = 0x5452ffff; /* from 52:54:00:00:00:01 */
    words[5] = 0x01000000;
    words[6] = NET_EXPERIMENTAL;
    virtio_ask(virtio, NET_TRANSMIT, buffers);
}

static void control_net(const struct virtio *virtio, uint16_t command, uint16_t value)
{
    const struct virtio_buffer buffers[] = {
        {DATA, 2, false}, {DATA + 4, 1, false}, {ANSWER, 1, true}};

    *words_at(virtio, DATA) = command;
    *words_at(virtio, DATA + 4) = value;
    *virtio_buffer(virtio, ANSWER) = UNANSWERED;
    virtio_ask(virtio, NET_CONTROL, buffers);
    expect(0, *virtio_buffer(virtio, ANSWER), "virtio-net answer to control 0x%x",
           (uint32_t)command);
}

static void start_net(const struct virtio *virtio)
{
    control_net(virtio, NET_PROMISCUOUS, 1);
    control_net(virtio, NET_ALL_MULTICAST, 1);
    send_frame(virtio);
}

static void walk_net(const struct virtio *virtio, struct notes *notes)
{
    (void)notes;
    send_frame(virtio);
    control_net(virtio, NET_PROMISCUOUS, 1);
}

static void read_sector(const struct virtio *virtio)
{
    const struct virtio_buffer buffers[] = {
        {REQUEST, 16, false}, {ANSWER, BLOCK_SECTOR, true}, {ANSWER + BLOCK_SECTOR, 1, true}};

    *virtio_buffer(virtio, ANSWER + BLOCK_SECTOR) = UNANSWERED;
    virtio_ask(virtio, 0, buffers);
    expect(0, *virtio_buffer(virtio, ANSWER + BLOCK_SECTOR), "virtio-blk answer to a read");
}

static void walk_block(const struct virtio *virtio, struct notes *notes)
{
    (void)notes;
    read_sector(virtio);
}

static void control_console(const struct virtio *virtio, uint32_t port, uint32_t event)
{
    const struct virtio_buffer buffers[] = {{REQUEST, 8, false}, {0}};
    volatile uint32_t *words = words_at(virtio, REQUEST);

    words[0] = port;
    words[1] = 1 << 16 | event;
    virtio_ask(virtio, CONSOLE_CONTROL, buffers);
}

static void write_console(const struct virtio *virtio)
{
    const struct virtio_buffer buffers[] = {{DATA, 4, false}, {0}};

    *words_at(virtio, DATA) = 0x0a21696d;
    virtio_ask(virtio, CONSOLE_PORT_1, buffers);
}

static void start_console(const struct virtio *virtio)
{
    control_console(virtio, 0xffffffff, CONSOLE_DEVICE_READY);
    control_console(virtio, 1, CONSOLE_PORT_READY);
    control_console(virtio, 1, CONSOLE_PORT_OPEN);
    write_console(virtio);
}

static void walk_console(const struct virtio *virtio, struct notes *notes)
{
    (void)notes;
    write_console(virtio);
}

static void take_entropy(const struct virtio *virtio)
{
    const struct virtio_buffer buffers[] = {{ANSWER, 16, true}, {0}};

    virtio_ask(virtio, 0, buffers);
}

static void walk_rng(const struct virtio *virtio, struct notes *notes)
{
    (void)notes;
    take_entropy(virtio);
}

static void move_balloon(const struct virtio *virtio, uint32_t queue)
{
    const struct virtio_buffer buffers[] = {{REQUEST, 4, false}, {0}};

    *words_at(virtio, REQUEST) = MT_GUEST_BALLOON_PAGE / MT_GUEST_PAGE_SIZE;
    virtio_ask(virtio, queue, buffers);
}

/* What is in the balloon loses its content, and where it lies in the host's RAM: it stays zero. */
static void start_balloon(const struct virtio *virtio)
{
    volatile uint32_t *page = (volatile uint32_t *)MT_GUEST_BALLOON_PAGE;

    for (unsigned i = 0; i < MT_GUEST_PAGE_WORDS; i++) {
        if (page[i] != 0) {
            page[i] = 0;
        }
    }
    move_balloon(virtio, BALLOON_INFLATE);
    if (virtio->device != 0) {
        mmio_write32(virtio->device + BALLOON_ACTUAL, 1);
    }
}

static void walk_balloon(const struct virtio *virtio, struct notes *notes)
{
    (void)notes;
    move_balloon(virtio, BALLOON_DEFLATE);
    move_balloon(virtio, BALLOON_INFLATE);
}

/* Response and status of the target's first unit, in the two halves of a word. */
static uint32_t ask_scsi(const struct virtio *virtio, uint8_t command, uint8_t argument)
{
    const struct virtio_buffer buffers[] = {{REQUEST, SCSI_REQUEST_SIZE, false},
                                            {ANSWER, SCSI_ANSWER_SIZE, true},
                                            {DATA, command == INQUIRY ? INQUIRY_SIZE : 0, true}};
    volatile uint8_t *request = virtio_buffer(virtio, REQUEST);
    volatile uint8_t *answer = virtio_buffer(virtio, ANSWER);

    clear(virtio, REQUEST, SCSI_REQUEST_SIZE);
    request[0] = 1;
    request[2] = 0x40;
    request[SCSI_COMMAND] = command;
    request[SCSI_COMMAND + 4] = argument;
    answer[SCSI_STATUS] = UNANSWERED;
    virtio_ask(virtio, SCSI_REQUESTS, buffers);
    return (uint32_t)answer[SCSI_STATUS + 1] << 16 | answer[SCSI_STATUS];
}

/* The first command only hears of the reset, and takes the news with it. */
static void start_scsi(const struct virtio *virtio)
{
    ask_scsi(virtio, TEST_UNIT_READY, 0);
    ask_scsi(virtio, PREVENT_REMOVAL, 1);
}

static void walk_scsi(const struct virtio *virtio, struct notes *notes)
{
    note(notes, ask_scsi(virtio, TEST_UNIT_READY, 0), "virtio-scsi test unit ready");
    note(notes, ask_scsi(virtio, INQUIRY, INQUIRY_SIZE), "virtio-scsi inquiry");
    note(notes, *words_at(virtio, DATA), "virtio-scsi inquired");
}

/* Request and what is in it after its header; of the answer, its kind. */
static uint32_t ask_gpu(const struct virtio *virtio, uint32_t request, const uint32_t *body,
                        uint32_t count, uint32_t answer_size)
{
    const struct virtio_buffer buffers[] = {
        {REQUEST, GPU_HEADER_SIZE + count * 4, false}, {ANSWER, answer_size, true}, {0}};
    volatile uint32_t *words = words_at(virtio, REQUEST);

    clear(virtio, REQUEST, GPU_HEADER_SIZE);
    words[0] = request;
    for (uint32_t i = 0; i < count; i++) {
        words[GPU_HEADER_SIZE / 4 + i] = body[i];
    }
    *words_at(virtio, ANSWER) = 0;
    virtio_ask(virtio, GPU_CONTROL, buffers);
    return *words_at(virtio, ANSWER);
}

static void order_gpu(const struct virtio *virtio, uint32_t request, const uint32_t *body,
                      uint32_t count)
{
    expect(GPU_DONE, ask_gpu(virtio, request, body, count, GPU_HEADER_SIZE),
           "virtio-gpu answer to 0x%x", request);
}

static void transfer_image(const struct virtio *virtio)
{
    const uint32_t transfer[] = {0, 0, GPU_SIDE, GPU_SIDE, 0, 0, GPU_RESOURCE, 0};

    order_gpu(virtio, GPU_TRANSFER, transfer, sizeof(transfer) / 4);
}

static void start_gpu(const struct virtio *virtio)
{
    const uint32_t create[] = {GPU_RESOURCE, GPU_FORMAT, GPU_SIDE, GPU_SIDE};
    const uint32_t attach[] = {GPU_RESOURCE,     1, (uint32_t)virtio_buffer(virtio, DATA), 0,
                               GPU_BACKING_SIZE, 0};
    volatile uint32_t *pixels = words_at(virtio, DATA);

    for (unsigned i = 0; i < GPU_BACKING_SIZE / 4; i++) {
        pixels[i] = 0x00d1e2f3 + i;
    }
    order_gpu(virtio, GPU_CREATE, create, sizeof(create) / 4);
    order_gpu(virtio, GPU_ATTACH, attach, sizeof(attach) / 4);
    transfer_image(virtio);
}

static void walk_gpu(const struct virtio *virtio, struct notes *notes)
{
    transfer_image(virtio);
    note(notes, ask_gpu(virtio, GPU_DISPLAY_INFO, NULL, 0, GPU_DISPLAY_INFO_SIZE),
         "virtio-gpu answer to display info");
    note(notes, words_at(virtio, ANSWER + GPU_HEADER_SIZE)[2], "virtio-gpu width");
}

static const struct virtio_kind kinds[] = {
    {1, "virtio-net", NET_FEATURES, start_net, walk_net},
    {2, "virtio-blk", 0, read_sector, walk_block},
    {3, "virtio-serial", CONSOLE_MULTIPORT, start_console, walk_console},
    {4, "virtio-rng", 0, take_entropy, walk_rng},
    {5, "virtio-balloon", 0, start_balloon, walk_balloon},
    {8, "virtio-scsi", 0, start_scsi, walk_scsi},
    {16, "virtio-gpu", 0, start_gpu, walk_gpu},
};

static const struct virtio_kind *kind_of(uint32_t number)
{
    for (unsigned i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        if (kinds[i].number == number) {
            return &kinds[i];
        }
    }
    return NULL;
}

static bool find(uint32_t place, struct virtio *ret_virtio)
{
    if (!virtio_find(place, ret_virtio)) {
        return false;
    }
    ret_virtio->kind = kind_of(ret_virtio->number);
    return ret_virtio->kind != NULL;
}

void virtio_program(uint32_t place)
{
    struct virtio virtio;

    if (find(place, &virtio)) {
        virtio_bring_up(&virtio);
        virtio.kind->start(&virtio);
        virtio_select_last_queue(&virtio);
    }
}

void virtio_give_up(uint32_t place)
{
    struct virtio virtio;

    if (find(place, &virtio)) {
        virtio_reset(&virtio);
    }
}

/* Requests raise the interrupt that the registers' part takes back: in between it is pending. */
void virtio_note(uint32_t place, struct notes *notes)
{
    struct virtio virtio;

    if (find(place, &virtio)) {
        virtio_note_registers(&virtio, notes);
        virtio.kind->walk(&virtio, notes);
        virtio_select_last_queue(&virtio);
    }
}
