using System.Globalization;
using System.Text.Json.Serialization;

namespace ClosedLoop.Facts;

/// <summary>
/// A correlation key, <c>scheme:value</c>: names something that was observed (a pull request, a commit, a build, an image,
/// a deployment) or a work item. Facts are stored under their subject's key and joined to work items through links between keys.
/// </summary>
/// <remarks>
/// Keys compare by ordinal text, so factories normalise what the source treats as case-insensitive (repository names, commit ids,
/// digests) to lower case. Immutable and safe to share between threads.
/// </remarks>
[JsonConverter(typeof(KeyJsonConverter))]
public readonly record struct Key : IComparable<Key>
{
    /// <summary>The longest key, in characters of its text form: 512.</summary>
    public const int MaxLength = 512;

    private readonly string? _text;
    private readonly int _schemeLength;

    // Hashed once: a key is looked for far more often than made. Outsiders choose keys, so by the function that has a secret.
    private readonly int _hash;

    private Key(string text, int schemeLength)
    {
        _text = text;
        _schemeLength = schemeLength;
        _hash = StringComparer.Ordinal.GetHashCode(text);
    }

    /// <summary>The part before the first colon: <c>item</c>, <c>pr</c>, <c>commit</c>, <c>build</c>, <c>image</c>, …</summary>
    public string Scheme => _text is null ? "" : _text[.._schemeLength];

    /// <summary>The part after the first colon.</summary>
    public string Value => _text is null ? "" : _text[(_schemeLength + 1)..];

    /// <summary>The same as <see cref="Value"/>, without a text of its own.</summary>
    internal ReadOnlySpan<char> ValueSpan => _text is null ? default : _text.AsSpan(_schemeLength + 1);

    /// <summary>True for <c>default(Key)</c>, which names nothing.</summary>
    public bool IsEmpty => _text is null;

    /// <summary>Whether this key has the given scheme (see <see cref="KeySchemes"/>).</summary>
    public bool Is(string scheme) =>
        _text is not null && _schemeLength == scheme.Length && _text.StartsWith(scheme, StringComparison.Ordinal);

    /// <summary>Names a work item by its stable id.</summary>
    public static Key Item(string id) => Create(KeySchemes.Item, id);

    /// <summary>Names a pull or merge request, <c>pr:owner/repo#n</c>.</summary>
    public static Key PullRequest(string repository, long number) =>
        Create(KeySchemes.PullRequest, string.Create(CultureInfo.InvariantCulture, $"{Repository(repository)}#{number}"));

    /// <summary>Names a commit of a repository, <c>commit:owner/repo@sha</c>.</summary>
    public static Key Commit(string repository, string sha) =>
        Create(KeySchemes.Commit, $"{Repository(repository)}@{sha.Trim().ToLowerInvariant()}");

    /// <summary>Names a branch of a repository, <c>branch:owner/repo@name</c>. Branch names keep their case.</summary>
    public static Key Branch(string repository, string name) => Checked(string.Concat(KeySchemes.Branch + ":", Repository(repository), "@", name), KeySchemes.Branch.Length, name);

    /// <summary>Names one reviewer's review of a pull request, <c>review:owner/repo#n/reviewer</c>.</summary>
    public static Key Review(string repository, long number, string reviewer) =>
        Create(KeySchemes.Review, string.Create(CultureInfo.InvariantCulture, $"{Repository(repository)}#{number}/{reviewer.ToLowerInvariant()}"));

    /// <summary>Names one named check of a commit, <c>check:owner/repo@sha/name</c>. Check names keep their case.</summary>
    public static Key Check(string repository, string sha, string name) =>
        Create(KeySchemes.Check, $"{Repository(repository)}@{sha.Trim().ToLowerInvariant()}/{name}");

    /// <summary>Names a build of a CI system by its address, without a trailing slash.</summary>
    public static Key Build(string url) => Create(KeySchemes.Build, url.TrimEnd('/'));

    /// <summary>Names an image by digest, <c>image:sha256:…</c>. A tag is never an identity.</summary>
    public static Key Image(string digest) => Create(KeySchemes.Image, digest.ToLowerInvariant());

    /// <summary>Names one deployment by an id that is unique in its source.</summary>
    public static Key Deployment(string id) => Create(KeySchemes.Deployment, id);

    /// <summary>Names an environment, or a target in it: <c>environment:production/web</c>.</summary>
    public static Key Environment(string name) => Create(KeySchemes.Environment, name);

    /// <summary>Builds a key of any scheme; adapters for new systems use their own scheme.</summary>
    /// <exception cref="ArgumentException">The scheme is not lower-case letters, digits or '-', or the value is empty, too long or has control characters.</exception>
    public static Key Create(string scheme, string value) => Checked(string.Concat(scheme, ":", value), scheme.Length, value);

    /// <summary>Parses <c>scheme:value</c>.</summary>
    /// <exception cref="FormatException">The text is not a key.</exception>
    public static Key Parse(string text) =>
        TryParse(text, out var key) ? key : throw new FormatException($"'{text}' is not a key; expected scheme:value, such as pr:acme/web#12.");

    /// <summary>Parses <c>scheme:value</c> without throwing.</summary>
    public static bool TryParse(string? text, out Key key)
    {
        key = default;
        int colon = text?.IndexOf(':', StringComparison.Ordinal) ?? -1;
        return colon > 0 && TryCreate(text!, colon, out key);
    }

    /// <inheritdoc/>
    public int CompareTo(Key other) => string.CompareOrdinal(_text, other._text);

    /// <summary>The text form, <c>scheme:value</c>; empty for the empty key.</summary>
    public override string ToString() => _text ?? "";

    /// <summary>By ordinal text.</summary>
    public bool Equals(Key other) => _hash == other._hash && string.Equals(_text, other._text);

    /// <inheritdoc/>
    public override int GetHashCode() => _hash;

    // The text is taken as it is, so that whoever has it whole pays for nothing but the look through it.
    private static bool TryCreate(string text, int schemeLength, out Key key)
    {
        key = default;
        var value = text.AsSpan(schemeLength + 1);
        if (schemeLength is 0 or > 32 || text.Length > MaxLength || value.IsWhiteSpace()) return false;
        foreach (char c in text.AsSpan(0, schemeLength))
            if (!char.IsAsciiLetterLower(c) && !char.IsAsciiDigit(c) && c != '-')
                return false;
        if (PlainText.HasControl(value) || PlainText.HasSurrogate(value)) return false;
        key = new Key(text, schemeLength);
        return true;
    }

    private static Key Checked(string text, int schemeLength, string value) =>
        TryCreate(text, schemeLength, out var key)
            ? key
            : throw new ArgumentException($"'{text}' is not a key: a scheme of lower-case letters, a colon, then 1 to {MaxLength} printable characters.", nameof(value));

    private static string Repository(string repository) => repository.Trim().Trim('/').ToLowerInvariant();
}
