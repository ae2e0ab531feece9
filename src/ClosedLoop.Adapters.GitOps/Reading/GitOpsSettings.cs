using System.Collections.Immutable;
using ClosedLoop.Facts;

namespace ClosedLoop.Adapters.GitOps.Reading;

/// <summary>The options, checked and frozen.</summary>
internal sealed class GitOpsSettings
{
    private readonly ImmutableArray<GitOpsTarget> _targets;

    private GitOpsSettings(ImmutableArray<GitOpsTarget> targets) => _targets = targets;

    public required string Name { get; init; }

    public required string Environment { get; init; }

    public required ImmutableArray<string> Namespaces { get; init; }

    public required string? Token { get; init; }

    public required string? TokenFile { get; init; }

    public TimeSpan SettleTime { get; init; }

    public bool EventsIncludeHealth { get; init; }

    public Writer Deployer => new(WriterRoles.Deployer, Name);

    public Writer Health => new(WriterRoles.Health, Name);

    public static GitOpsSettings From(GitOpsOptions options) => new([.. options.Targets.Select(static t => new GitOpsTarget
    {
        Name = t.Name,
        Namespace = t.Namespace,
        Kind = t.Kind,
        Environment = t.Environment,
        Target = t.Target,
        Repository = t.Repository?.Trim('/').ToLowerInvariant(),
    })])
    {
        Name = options.Name,
        Environment = options.Environment!,
        Namespaces = [.. options.Namespaces.Distinct(StringComparer.Ordinal)],
        Token = options.Token,
        TokenFile = options.TokenFile,
        SettleTime = (options as ArgoCDOptions)?.SettleTime ?? TimeSpan.Zero,
        EventsIncludeHealth = options is FluxOptions { EventsIncludeHealth: true },
    };

    /// <summary>Takes every object, in the environment of its namespace: for explanations.</summary>
    public static GitOpsSettings Open(string name) => new([])
    {
        Name = name,
        Environment = "",
        Namespaces = [],
        Token = null,
        TokenFile = null,
        SettleTime = TimeSpan.FromMinutes(1),
    };

    /// <summary>Where an object belongs, or null when it does not count.</summary>
    public TargetPlace? Find(string kind, string space, string name, string defaultTarget)
    {
        string environment = Environment.Length == 0 ? space.Length == 0 ? "default" : space : Environment;
        if (_targets.IsEmpty) return new TargetPlace(environment, defaultTarget, null);
        foreach (var target in _targets)
            if (target.Name == name && (target.Namespace is null || target.Namespace == space) && (target.Kind is null || string.Equals(target.Kind, kind, StringComparison.OrdinalIgnoreCase)))
                return new TargetPlace(target.Environment ?? environment, target.Target ?? defaultTarget, target.Repository);
        return null;
    }
}
