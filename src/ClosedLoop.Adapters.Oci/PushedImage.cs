namespace ClosedLoop.Adapters.Oci;

/// <summary>A manifest or index that somebody pushed, as a webhook tells it.</summary>
/// <param name="Repository">The image repository, in lower case.</param>
/// <param name="Digest">The digest of what was pushed.</param>
/// <param name="Tag">The tag that it was pushed to, or null. It finds the image; it never says which commit it is of.</param>
/// <param name="At">When it was pushed, by the sender's clock.</param>
internal sealed record PushedImage(string Repository, string Digest, string? Tag, DateTimeOffset At);
