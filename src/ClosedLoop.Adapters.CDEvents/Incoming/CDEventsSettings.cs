using System.Collections.Frozen;
using System.Collections.Immutable;
using ClosedLoop.Facts;

namespace ClosedLoop.Adapters.CDEvents.Incoming;

/// <summary>The options, checked and frozen.</summary>
internal sealed class CDEventsSettings
{
    private readonly FrozenDictionary<string, string> _environments;

    private CDEventsSettings(ImmutableArray<SourceRule> rules, IEnumerable<KeyValuePair<string, string>> environments) =>
        (Rules, _environments) = (rules, environments.ToFrozenDictionary(StringComparer.Ordinal));

    /// <summary>Exact sources first, then the longer prefixes before the shorter.</summary>
    public ImmutableArray<SourceRule> Rules { get; }

    public static CDEventsSettings From(CDEventsOptions options) =>
        new([.. options.Sources.Select(s => SourceRule.From(s, options.Secret)).OrderBy(static r => r.IsPrefix).ThenByDescending(static r => r.Pattern.Length)], options.Environments);

    /// <summary>Takes every source as everything: for explanations.</summary>
    public static CDEventsSettings Open()
    {
        var any = new CDEventsSource { Source = "*" };
        foreach (string role in new[] { WriterRoles.SourceControl, WriterRoles.Ci, WriterRoles.Registry, WriterRoles.Deployer, WriterRoles.Health }) any.Roles.Add(role);
        return new CDEventsSettings([SourceRule.From(any, null)], []);
    }

    public SourceRule? Find(string source)
    {
        foreach (var rule in Rules)
            if (rule.IsPrefix ? source.StartsWith(rule.Pattern, StringComparison.Ordinal) : source == rule.Pattern)
                return rule;
        return null;
    }

    public string Environment(string id) => _environments.GetValueOrDefault(id, id);
}
