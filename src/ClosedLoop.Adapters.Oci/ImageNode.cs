namespace ClosedLoop.Adapters.Oci;

/// <summary>One digest of an image's set: its index, a platform's manifest, or a configuration.</summary>
internal sealed class ImageNode(string digest)
{
    public string Digest { get; } = digest;

    /// <summary>What it is part of.</summary>
    public SortedSet<string> Parents { get; } = new(StringComparer.Ordinal);

    /// <summary>The builds that made it, by address.</summary>
    public SortedSet<string> Builds { get; } = new(StringComparer.Ordinal);

    /// <summary>What says of which commit it was built, here or in its configuration.</summary>
    public List<RevisionClaim> Claims { get; } = [];

    public DateTimeOffset? CreatedAt { get; set; }

    /// <summary>The node whose claims count for this one: a configuration's is its manifest.</summary>
    public ImageNode? ClaimsOf { get; init; }

    /// <summary>Adds what annotations or labels say.</summary>
    public void Add(ImageLabels labels)
    {
        if (labels.Claim is { } claim && !Claims.Contains(claim)) Claims.Add(claim);
        if (labels.Build is { } build) Builds.Add(build);
        CreatedAt ??= labels.CreatedAt;
    }
}
