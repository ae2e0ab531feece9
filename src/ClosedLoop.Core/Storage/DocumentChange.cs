namespace ClosedLoop.Storage;

/// <summary>
/// Sets or removes one document. The whole commit is a <see cref="CommitOutcome.Conflict"/> when the document has another version by then: somebody
/// else has changed, added or removed it.
/// </summary>
/// <param name="Name">The document's name; see <see cref="StoredDocument.Name"/>.</param>
/// <param name="Body">Its new text; null removes it.</param>
/// <param name="Version">The version that it was read with, 0 when there was none. It is stored with one more.</param>
public sealed record DocumentChange(string Name, string? Body, long Version)
{
    /// <summary>The most characters of a name.</summary>
    public const int MaxNameLength = 512;

    /// <summary>The most characters of a body.</summary>
    public const int MaxBodyLength = 1_000_000;

    /// <summary>Checks what a store cannot keep; every store calls it before it changes anything.</summary>
    /// <exception cref="ArgumentException">The name or the body is longer than allowed, the name is empty or has other characters, the version is negative, or two changes are of one document.</exception>
    public static void Validate(IReadOnlyList<DocumentChange> changes)
    {
        ArgumentNullException.ThrowIfNull(changes);
        if (changes.Count == 0) return;
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var change in changes)
        {
            if (change.Name is not { Length: > 0 and <= MaxNameLength } name || name.AsSpan().ContainsAnyExceptInRange('!', '~'))
                throw new ArgumentException($"A document's name has 1 to {MaxNameLength} printable ASCII characters without spaces, such as incidents/open/red; this one is '{change.Name}'.", nameof(changes));
            if (change.Body?.Length > MaxBodyLength) throw new ArgumentException($"The document {name} has {change.Body.Length} characters; the most is {MaxBodyLength}.", nameof(changes));
            if (change.Version < 0) throw new ArgumentException($"The document {name} is changed from version {change.Version}; use the version that was read, or 0.", nameof(changes));
            if (!names.Add(name)) throw new ArgumentException($"The document {name} is changed twice in one commit.", nameof(changes));
        }
    }
}
