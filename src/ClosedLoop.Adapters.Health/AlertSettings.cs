using System.Collections.Frozen;
using System.Text.Json;
using ClosedLoop.Facts;

namespace ClosedLoop.Adapters.Health;

/// <summary>The checked, immutable copy of an <see cref="AlertRule"/>.</summary>
internal sealed record AlertSettings
{
    /// <summary>What is put behind the name of a rule for the writer of its passes.</summary>
    public const string ResolvedSuffix = "-resolved";

    public required string Path { get; init; }

    public required string Name { get; init; }

    public required string Environment { get; init; }

    public required string? Target { get; init; }

    public required string Gate { get; init; }

    public required FrozenDictionary<string, string> Labels { get; init; }

    public required string? VersionLabel { get; init; }

    public required string? Repository { get; init; }

    public required bool ResolvedPasses { get; init; }

    public Writer Writer => new(WriterRoles.Health, Name);

    public Writer ResolvedWriter => new(WriterRoles.Health, Name + ResolvedSuffix);

    public Key Subject => Key.Environment(Target is null ? Environment : $"{Environment}/{Target}");

    public static AlertSettings From(AlertRule rule, string path) => new()
    {
        Path = path,
        Name = rule.Name,
        Environment = rule.Environment.Trim(),
        Target = rule.Target?.Trim(),
        Gate = rule.Gate,
        Labels = rule.Labels.ToFrozenDictionary(StringComparer.Ordinal),
        VersionLabel = rule.VersionLabel,
        Repository = rule.Repository,
        ResolvedPasses = rule.ResolvedPasses,
    };

    /// <summary>Whether an alert with these labels is one of the rule.</summary>
    public bool Matches(JsonElement labels)
    {
        foreach (var (name, value) in Labels)
            if (labels.Text(name) != value)
                return false;
        return true;
    }
}
