using System.Collections.Immutable;
using ClosedLoop.Facts;

namespace ClosedLoop.Intake;

/// <summary>Cuts what a source sent to what the record keeps, and replaces impossible times. Pure.</summary>
internal static class FactLimits
{
    /// <summary>How far a source's clock may be ahead of ours before its times are replaced.</summary>
    public static readonly TimeSpan ClockTolerance = TimeSpan.FromMinutes(5);

    public const int DetailCharacters = 500;
    public const int LabelCharacters = 200;
    public const int AttributeCount = 32;
    public const int AttributeCharacters = 1_000;
    public const int LinkCount = 2_000;
    public const int NameCharacters = 512;
    public const int AddressCharacters = 2_000;

    // No delivery system is older than this: a time before it is a zero or a broken clock, not history.
    private static readonly DateTimeOffset Earliest = new(1990, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Says why a fact cannot be kept at all, or null. Cutting a name or key would make it name something else.</summary>
    public static string? Refuse(Fact fact)
    {
        if (fact.Subject.IsEmpty || (!fact.Links.IsEmpty && fact.Links[0].IsEmpty)) return "a key of it is empty.";
        if (!fact.Writer.IsWellFormed) return $"'{fact.Writer}' is no writer; expected role:name, such as ci:jenkins.";
        if (string.IsNullOrEmpty(fact.Kind) || !IsName(fact.Kind)) return $"its kind has to be 1 to {NameCharacters} printable characters.";
        if (!IsName(fact.Name) || !IsName(fact.Environment) || !IsName(fact.Revision)) return $"its name, environment or revision is not at most {NameCharacters} printable characters.";
        return fact.Links.Count > LinkCount ? $"it links {fact.Links.Count} keys; at most {LinkCount} are taken in one fact." : null;
    }

    /// <param name="fact">The fact as it was sent.</param>
    /// <param name="receivedAt">When it was received.</param>
    /// <param name="known">The present fact of its register: an impossible time is replaced once, not by each look anew.</param>
    public static Fact Apply(Fact fact, DateTimeOffset receivedAt, Fact? known = null)
    {
        if (fact.OccurredAt < Earliest || fact.OccurredAt > receivedAt + ClockTolerance)
        {
            bool before = known?.Ordinal == fact.Ordinal && known.Attribute(FactAttributes.Clock) is not null;
            fact = fact with { OccurredAt = before ? known!.OccurredAt : receivedAt, Attributes = fact.Attributes.SetItem(FactAttributes.Clock, "clamped") };
        }
        if (fact.OccurredAt.Offset != TimeSpan.Zero) fact = fact with { OccurredAt = fact.OccurredAt.ToUniversalTime() };
        if (fact.Detail is { } detail && Clean(detail, DetailCharacters) is var text && !ReferenceEquals(text, detail)) fact = fact with { Detail = text };
        if (fact.Evidence is { } evidence && Clean(evidence) is var seen && !ReferenceEquals(seen, evidence)) fact = fact with { Evidence = seen };
        if (fact.Attributes.Count > AttributeCount) fact = fact with { Attributes = fact.Attributes.Take(AttributeCount).ToImmutableSortedDictionary(StringComparer.Ordinal) };
        foreach (var (name, value) in fact.AttributesInOrder)
            if (Clean(value, AttributeCharacters) is { } clean && !ReferenceEquals(clean, value))
                fact = fact with { Attributes = fact.Attributes.SetItem(name, clean) };
        return fact;
    }

    // An address that was built by hand may be anything, and it becomes a link.
    private static Evidence? Clean(Evidence evidence)
    {
        var url = evidence.Url is { IsAbsoluteUri: true, OriginalString.Length: <= AddressCharacters } web && (web.Scheme == Uri.UriSchemeHttps || web.Scheme == Uri.UriSchemeHttp) ? web : null;
        string? label = evidence.Label is { } text ? Clean(text, LabelCharacters) : null;
        if (ReferenceEquals(url, evidence.Url) && ReferenceEquals(label, evidence.Label) && (url ?? (object?)label) is not null) return evidence;
        return url is null && label is null ? null : new Evidence(url, label);
    }

    private static bool IsName(string? text) => text is null || (text.Length <= NameCharacters && !PlainText.HasControl(text) && !PlainText.HasSurrogate(text));

    // Some stores take no NUL, and half a surrogate pair does not come back as it went.
    private static string Clean(string text, int length)
    {
        bool cut = text.Length > length;
        if (cut) text = string.Concat(text.AsSpan(0, length - 1 - (char.IsHighSurrogate(text[length - 2]) ? 1 : 0)), "…");
        for (int i = 0; i < text.Length; i++)
        {
            if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1])) i++;
            else if (text[i] == '\0' || char.IsSurrogate(text[i])) text = string.Concat(text.AsSpan(0, i), "\uFFFD", text.AsSpan(i + 1));
        }
        return text;
    }
}
