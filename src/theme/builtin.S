/* The two themes that no file is needed for, as bytes in the program: read by find.c. Assembled from the root of the sources. */
#ifdef __APPLE__
#define NAME(x) _##x
        .section __TEXT,__const
#else
#define NAME(x) x
        .section .rodata
#endif
        .globl NAME(theme_default_text)
        .globl NAME(theme_mono_text)
NAME(theme_default_text):
        .incbin "themes/default.theme"
        .byte 0
NAME(theme_mono_text):
        .incbin "themes/mono.theme"
        .byte 0
#ifdef __ELF__
        .section .note.GNU-stack,"",%progbits
#endif
