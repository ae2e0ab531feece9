namespace ClosedLoop.Adapters.Oci;

/// <summary>What a webhook's body says.</summary>
internal sealed class PushReading(string @event)
{
    public string Event { get; } = @event;

    public string? DeliveryId { get; init; }

    public List<PushedImage> Images { get; } = [];

    /// <summary>The parts that say nothing of an image, with the reason.</summary>
    public List<string> Ignored { get; } = [];

    /// <summary>The parts that are not as the sender's contract says.</summary>
    public List<string> Problems { get; } = [];

    /// <summary>Keeps an image once its repository, digest and tag are as they should be.</summary>
    public void Add(string what, string? repository, string? digest, string? tag, DateTimeOffset? at)
    {
        if (ImageRepository.Normalize(repository) is not { } name) Problems.Add($"{what} needs the name of its repository");
        else if (Digest.Read(digest) is not { } known) Problems.Add($"{what} needs the digest of a manifest (sha256: and 64 digits)");
        else if (at is null) Problems.Add($"{what} needs the time of the push");
        else if (tag is not null && ImageRepository.IsAttachmentTag(tag)) Ignored.Add($"{what}: tag {SourceText.Quote(tag)} is a signature or attestation of an image, not an image");
        else Images.Add(new PushedImage(name, known, tag is not null && ImageRepository.IsTag(tag) ? tag : null, at.Value));
    }
}
