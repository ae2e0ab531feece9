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

    // No delivery system is older than this: a time before it is a zero or a broken clock, not history.
    private static readonly DateTimeOffset Earliest = new(1990, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static Fact Apply(Fact fact, DateTimeOffset receivedAt)
    {
        if (fact.Links.Count > LinkCount)
            throw new InvalidOperationException($"{fact.Subject} links {fact.Links.Count} keys; at most {LinkCount} are taken in one fact.");
        if (fact.OccurredAt < Earliest || fact.OccurredAt > receivedAt + ClockTolerance)
            fact = fact with { OccurredAt = receivedAt, Attributes = fact.Attributes.SetItem(FactAttributes.Clock, "clamped") };
        if (fact.OccurredAt.Offset != TimeSpan.Zero) fact = fact with { OccurredAt = fact.OccurredAt.ToUniversalTime() };
        if (fact.Detail is { Length: > DetailCharacters } detail) fact = fact with { Detail = Cut(detail, DetailCharacters) };
        if (fact.Evidence?.Label is { Length: > LabelCharacters } label) fact = fact with { Evidence = fact.Evidence with { Label = Cut(label, LabelCharacters) } };
        if (fact.Attributes.Count > AttributeCount) fact = fact with { Attributes = fact.Attributes.Take(AttributeCount).ToImmutableSortedDictionary(StringComparer.Ordinal) };
        foreach (var (name, value) in fact.Attributes)
            if (value.Length > AttributeCharacters)
                fact = fact with { Attributes = fact.Attributes.SetItem(name, Cut(value, AttributeCharacters)) };
        return fact;
    }

    private static string Cut(string text, int length) => string.Concat(text.AsSpan(0, length - 1), "…");
}
