using System.Text;

namespace SeerMoe.Recipes;

/// <summary>The text of a recipe's file: UTF-8 of a size that a person can have written.</summary>
internal static class RecipeText
{
    private const int LargestBytes = 1 << 20;
    private const string WhatToName = "Name a .yaml or .csx file";

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <exception cref="InputException">The file can't be read, or is no text.</exception>
    public static string Read(string path)
    {
        if (Directory.Exists(path))
        {
            throw new InputException("A folder is no recipe.", path, $"{WhatToName}.");
        }

        try
        {
            if (new FileInfo(path).Length > LargestBytes)
            {
                throw new InputException("A recipe is at most 1 MB.", path, $"{WhatToName}.");
            }

            return StrictUtf8.GetString(File.ReadAllBytes(path)).TrimStart('\uFEFF');
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"The recipe can't be read: {error.Message}", path, $"{WhatToName}.", error);
        }
        catch (DecoderFallbackException error)
        {
            throw new InputException("The recipe is not UTF-8 text.", path, $"{WhatToName}, saved as UTF-8.", error);
        }
    }
}
