using ClosedLoop.Facts;

namespace ClosedLoop.Adapters.Health;

/// <summary>The version that a check was of: a commit of a repository, or an image by its digest. Nothing else identifies one.</summary>
/// <param name="Text">As it was read.</param>
/// <param name="Revision">The commit id or digest.</param>
/// <param name="Key">What it links to.</param>
/// <param name="Repository">The repository of a commit.</param>
internal sealed record SeenVersion(string Text, string Revision, Key Key, string? Repository)
{
    private const int MaxLength = 400, DigestLength = 7 + 64;

    /// <summary>Whether the rollout said so and the service did not.</summary>
    public bool IsAssumed { get; init; }

    /// <summary>Reads a version, or says why it is none.</summary>
    public static SeenVersion? Read(string? text, string? repository, out string problem)
    {
        problem = "";
        string value = text?.Trim() ?? "";
        if (value.Length is 0 or > MaxLength)
        {
            problem = "no version is given";
            return null;
        }
        int digest = value.LastIndexOf("sha256:", StringComparison.OrdinalIgnoreCase);
        if (digest >= 0 && (digest == 0 || value[digest - 1] == '@') && value.Length == digest + DigestLength && value.AsSpan(digest + 7).IndexOfAnyExcept(Hex) < 0)
            return new SeenVersion(value, value[digest..].ToLowerInvariant(), Key.Image(value[digest..]), null);
        if (value.Length is not (40 or 64) || value.AsSpan().IndexOfAnyExcept(Hex) >= 0)
        {
            problem = $"the version {SourceText.Quote(value)} is no full commit id and no digest, so nothing says which one it is";
            return null;
        }
        if (repository is null)
        {
            problem = "the version is a commit id, and Repository is not set";
            return null;
        }
        return new SeenVersion(value, value.ToLowerInvariant(), Key.Commit(repository, value), repository.Trim().Trim('/').ToLowerInvariant());
    }

    private static readonly System.Buffers.SearchValues<char> Hex = System.Buffers.SearchValues.Create("0123456789abcdefABCDEF");
}
