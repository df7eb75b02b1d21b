# SPDX-License-Identifier: LGPL-2.1-or-later
# What the modules have in common: each compiles the sources of the folder of its own name two levels up, where they
# lie, beside the few of its own here. A module's Makefile may set before it includes this:
#   RBPF_EXCLUDE  names of sources there that the module replaces by its own
#   RBPF_ALSO     further sources, relative to firmware/

RBPF_FIRMWARE := $(abspath $(CURDIR)/../..)
RBPF_SOURCES := $(RBPF_FIRMWARE)/$(notdir $(CURDIR))

vpath %.cpp $(RBPF_SOURCES) $(sort $(dir $(RBPF_ALSO:%=$(RBPF_FIRMWARE)/%)))
vpath %.S $(RBPF_SOURCES)
SRCXX += $(filter-out $(RBPF_EXCLUDE),$(notdir $(wildcard $(RBPF_SOURCES)/*.cpp)))
SRCXX += $(notdir $(RBPF_ALSO))
ifneq (native,$(CPU))
  ASSMSRC += $(notdir $(wildcard $(RBPF_SOURCES)/*.S)) # empty on processors that they are not for
endif

INCLUDES += -I$(RBPF_FIRMWARE) -I$(RBPF_FIRMWARE)/../headers

# The sources are freestanding C++20. Images are checked for their alignment when they are opened; from there on their
# bytes are read as what they are, of which -Wcast-align cannot know.
CXXEXFLAGS := $(filter-out -std=%,$(CXXEXFLAGS))
CXXEXFLAGS += -std=c++20 -fno-exceptions -fno-rtti -fno-threadsafe-statics -Wno-cast-align

# What Kconfig says reaches them, too.
CXXEXFLAGS += -include $(abspath $(CURDIR)/..)/rbpf_agent/include/rbpf_config.h

include $(RIOTBASE)/Makefile.base
