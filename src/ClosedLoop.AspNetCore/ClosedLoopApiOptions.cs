namespace ClosedLoop.AspNetCore;

/// <summary>Who may read and write over HTTP. Validated at start; a message names the option and the fix.</summary>
public sealed class ClosedLoopApiOptions
{
    /// <summary>The default of <see cref="MaxBodyBytes"/>: 256 KB.</summary>
    public const int DefaultMaxBodyBytes = 256 * 1024;

    /// <summary>The default of <see cref="MaxStreams"/>: 100.</summary>
    public const int DefaultMaxStreams = 100;

    /// <summary>
    /// The writers that authenticate with bearer tokens: the writer (<c>agent:builder-7</c>, <c>ci:nightly</c>, <c>person:ann</c>) and the
    /// hashes of its tokens as <see cref="ClosedLoopToken.Hash"/> makes them, several while a token is being replaced. Empty by default.
    /// </summary>
    public IDictionary<string, IReadOnlyList<string>> Writers { get; } = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);

    /// <summary>
    /// The type of the claim by which the host's own authentication names a user's writer, such as <c>person:ann</c>. Null, the default:
    /// the host's users may read and not write.
    /// </summary>
    public string? WriterClaimType { get; set; }

    /// <summary>
    /// Whether anybody may read items and the board. The default is false: only writers and the host's authenticated users.
    /// What was quarantined is for writers only in either case.
    /// </summary>
    public bool AllowAnonymousReads { get; set; }

    /// <summary>The largest request body of the API, in bytes, 1 to 16 MB. The default is <see cref="DefaultMaxBodyBytes"/>.</summary>
    public int MaxBodyBytes { get; set; } = DefaultMaxBodyBytes;

    /// <summary>The most streams of the transition log that are open at a time, 1 to 10,000. The default is <see cref="DefaultMaxStreams"/>; one more is answered with 503.</summary>
    public int MaxStreams { get; set; } = DefaultMaxStreams;

    /// <summary>Adds token hashes of a writer to <see cref="Writers"/>.</summary>
    public ClosedLoopApiOptions AddWriter(string writer, params string[] tokenHashes)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(tokenHashes);
        Writers[writer] = Writers.TryGetValue(writer, out var known) ? [.. known, .. tokenHashes] : [.. tokenHashes];
        return this;
    }
}
