/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Looking at packets before the board does: an entry with SEC("packet") gets each one in a bpf_packet_ctx_t (types.h)
 * and decides with its result. `data` holds what the packet carries (of a UDP datagram its payload, for example a CoAP
 * message), `len` bytes of it; a script that reads or writes beyond them is stopped, and the packet passes. */
#ifndef RBPF_PACKET_H
#define RBPF_PACKET_H

#include <rbpf/types.h>

/** Results of a packet entry. Any negative result drops, any other lets pass. */
enum {
    RBPF_PACKET_PASS = 0,
    RBPF_PACKET_DROP = -1,
};

#endif
