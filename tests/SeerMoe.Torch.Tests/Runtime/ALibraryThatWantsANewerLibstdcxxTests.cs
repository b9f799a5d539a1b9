using SeerMoe.Torch.Runtime;

namespace SeerMoe.Torch.Tests.Runtime;

public sealed class ALibraryThatWantsANewerLibstdcxxTests
{
    [Fact]
    public void Is_changed_in_one_bit()
    {
        var library = TinyElf.Needing(GlibcxxPatch.Version, GlibcxxPatch.HarmlessSymbol);
        var expected = (byte[])library.Clone();
        expected[TinyElf.FlagsAt] |= 2;

        GlibcxxPatch.Apply(library);

        Assert.Equal(expected, library);
    }

    [Fact]
    public void Is_refused_when_it_uses_that_version_for_more()
    {
        var library = TinyElf.Needing(GlibcxxPatch.Version, GlibcxxPatch.HarmlessSymbol, "_ZNSt8ios_base4moveERS_");
        var error = Refused(library);
        Assert.Contains("_ZNSt8ios_base4moveERS_", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Is_refused_when_it_wants_another_version() =>
        Refused(TinyElf.Needing("GLIBCXX_3.4.33", GlibcxxPatch.HarmlessSymbol));

    [Theory]
    [InlineData("")]
    [InlineData("MZ not an ELF file at all")]
    public void Is_refused_when_it_is_no_elf_file(string text) =>
        Refused(System.Text.Encoding.ASCII.GetBytes(text));

    [Fact]
    public void Is_refused_or_patched_but_never_crashes_when_it_is_cut_short()
    {
        var whole = TinyElf.Needing(GlibcxxPatch.Version, GlibcxxPatch.HarmlessSymbol);
        for (var length = 0; length < whole.Length; length++)
        {
            Refused(whole[..length]);
        }
    }

    [Fact]
    public void Is_refused_or_patched_but_never_crashes_when_a_byte_is_wrong()
    {
        var whole = TinyElf.Needing(GlibcxxPatch.Version, GlibcxxPatch.HarmlessSymbol);
        for (var i = 0; i < whole.Length; i++)
        {
            foreach (var wrong in (byte[])[0x00, 0x01, 0x7f, 0xff])
            {
                var library = (byte[])whole.Clone();
                library[i] = wrong;
                try
                {
                    GlibcxxPatch.Apply(library);
                }
                catch (InvalidDataException)
                {
                    Assert.Equal(wrong, library[i]);
                }
            }
        }
    }

    [Fact]
    public void May_be_the_real_one()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The shim of other systems is no ELF file.");
        var shim = File.ReadAllBytes(TorchSharpShim.Find());
        var patched = (byte[])shim.Clone();

        GlibcxxPatch.Apply(patched);

        Assert.Equal(1, shim.Zip(patched).Count(pair => pair.First != pair.Second));
    }

    private static InvalidDataException Refused(byte[] library)
    {
        var before = (byte[])library.Clone();
        var error = Assert.Throws<InvalidDataException>(() => GlibcxxPatch.Apply(library));
        Assert.Equal(before, library);
        return error;
    }
}
