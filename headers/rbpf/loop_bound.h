/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* RBPF_LOOP_BOUND(64) in front of a loop tells `rbpf size` that it takes at most 64 turns each time that it is come to,
 * where the code alone does not tell: on the loop's line, or alone on the line before it.
 *
 *   RBPF_LOOP_BOUND(64)
 *   while (length > 0) {
 *
 * The number is decimal or hexadecimal. Nothing of it is in the image: whether it is true is the script's business, and
 * the analyser says where the code contradicts it. rbpf.json can say the same ("bounds"). */
#ifndef RBPF_LOOP_BOUND_H
#define RBPF_LOOP_BOUND_H

#define RBPF_LOOP_BOUND(turns)

#endif
