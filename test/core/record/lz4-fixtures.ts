/*
 * Frames as the lz4 command line writes them, for 4200 lines `tidemark ${i % 7} line of text`: two blocks each,
 * so that the second either refers back into the first or does not.
 */
export const LZ4_TEXT: Buffer = Buffer.from(
  Array.from({ length: 4200 }, (_, index) => `tidemark ${index % 7} line of text\n`).join(''),
);

/** lz4 -9 -B4 -BD --content-size: linked blocks, content size and content checksum. */
export const LZ4_LINKED: Buffer = Buffer.from(
  [
    '04224d184c40c089010000000000a943010000f509746964656d61726b2030206c696e65206f6620746578740a18001f',
    '311800041f321800041f331800041f341800041f351800041e3618000fa800',
    'ff'.repeat(256),
    '3c506c696e6520940000000fa800',
    'ff'.repeat(138),
    '3250746578740a00000000b1a9e185',
  ].join(''),
  'hex',
);

/** lz4 -9 -B4 -BI -BX --no-frame-crc: independent blocks, a checksum after each. */
export const LZ4_INDEPENDENT: Buffer = Buffer.from(
  [
    '04224d187040ad43010000f509746964656d61726b2030206c696e65206f6620746578740a18001f311800041f321800',
    '041f331800041f341800041f351800041e3618000fa800',
    'ff'.repeat(256),
    '3c506c696e652096d1c959cc000000fd096f6620746578740a746964656d61726b2031206c696e652018001f32180004',
    '1f331800041f341800041f351800041f361800041e3018000fa800',
    'ff'.repeat(137),
    '7d50746578740a420061b100000000',
  ].join(''),
  'hex',
);
