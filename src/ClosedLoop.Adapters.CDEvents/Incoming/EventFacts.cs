using System.Collections.Immutable;
using System.Text.Json;
using ClosedLoop.Facts;

namespace ClosedLoop.Adapters.CDEvents.Incoming;

/// <summary>What the facts of all events have in common.</summary>
internal static class EventFacts
{
    private const int MaxNameLength = 200;

    // Scheme of the keys that stand for a chain of events.
    private const string Chain = "cdevents-chain";

    public static Fact Of(CDEvent read, Key subject, string kind, Writer writer, int rank) => new()
    {
        Subject = subject,
        Kind = kind,
        Writer = writer,
        Ordinal = Ordinal.At(read.At, rank),
        OccurredAt = read.At,
    };

    public static Key? KeyOf(string scheme, string value) => Key.TryParse($"{scheme}:{value}", out var key) ? key : null;

    /// <summary>A name as the record takes it, or null.</summary>
    public static string? NameOf(string? text) =>
        text?.Trim() is { Length: > 0 and <= MaxNameLength } name && !name.Any(static c => char.IsControl(c) || char.IsSurrogate(c)) ? name : null;

    public static string? CommitOf(CDEvent read, SourceRule rule) => CommitId.Read(read.TextAt(rule.CommitPath.AsSpan()));

    /// <summary>The repository that an event is about; null when it names none that the source may speak of.</summary>
    /// <param name="read">The event.</param>
    /// <param name="rule">Its source.</param>
    /// <param name="own">What CDEvents' own fields say.</param>
    /// <param name="refused">Set when it names one that the source may not speak of.</param>
    public static string? RepositoryOf(CDEvent read, SourceRule rule, string? own, out string? refused)
    {
        refused = null;
        string? said = read.TextAt(rule.RepositoryPath.AsSpan()) ?? own;
        if (said is null) return rule.OnlyRepository;
        string? name = RepositoryName.Read(said);
        // A name without an owner can only be meant for the one that ends with it.
        if (name is null && rule.OnlyRepository is { } only && only.EndsWith("/" + said.Trim().ToLowerInvariant(), StringComparison.Ordinal)) name = only;
        if (name is null) refused = $"{SourceText.Quote(said)} names no repository with its owner";
        else if (rule.Repositories.Count > 0 && !rule.Repositories.Contains(name)) refused = $"the repository {SourceText.Quote(name)} is not listed for this source";
        return refused is null ? name : null;
    }

    public static ImmutableSortedDictionary<string, string> Attributes(params ReadOnlySpan<(string Name, string? Value)> values)
    {
        var attributes = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in values)
            if (value is not null)
                attributes[name] = value;
        return attributes.ToImmutable();
    }

    /// <summary>What an event about a build or artifact belongs to: its commit, else, where the source's chains are followed, its chain.</summary>
    public static ImmutableSortedSet<Key> Origin(CDEvent read, SourceRule rule, string? repository, string? commit) =>
        repository is not null && commit is not null ? [Key.Commit(repository, commit)] : rule.FollowChains && ChainOf(read) is { } chain ? [chain] : [];

    public static Key? ChainOf(CDEvent read) => read.ChainId is { Length: > 0 and <= 100 } id ? KeyOf(Chain, id) : null;

    public static Evidence? Link(JsonElement content, string? label) =>
        (content.Text("uri") ?? content.Text("url")) is { Length: <= 2_000 } address ? Evidence.From(address, label) : null;
}
