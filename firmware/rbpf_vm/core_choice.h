/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which core a build contains; for C++ and for assembly. -DRBPF_VM_PORTABLE_CORE takes the portable one anywhere. */
#ifndef RBPF_VM_CORE_CHOICE_H
#define RBPF_VM_CORE_CHOICE_H

#if defined(__ARM_ARCH_PROFILE) && !defined(RBPF_VM_PORTABLE_CORE)
#if __ARM_ARCH_PROFILE == 'M'
#define RBPF_VM_CORE_THUMB __ARM_ARCH_ISA_THUMB /* 1: interpreter_thumb1.S, 2: interpreter_thumb2.S */
#endif
#endif

#ifndef RBPF_VM_CORE_THUMB
#define RBPF_VM_CORE_THUMB 0 /* interpreter.cpp */
#endif

#endif
