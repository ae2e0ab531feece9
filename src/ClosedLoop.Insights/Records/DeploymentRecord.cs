namespace ClosedLoop.Insights.Records;

/// <summary>A commit that was deployed, or was to be. Several with one <see cref="Deployment"/> are one deployment.</summary>
public sealed record DeploymentRecord
{
    /// <summary>The environment that counts as production unless another is named.</summary>
    public const string Production = "PRODUCTION";

    /// <summary>Its own id.</summary>
    public required string Id { get; init; }

    /// <summary>The deployment that it is part of; its own id when it is one by itself.</summary>
    public string Deployment { get => field ?? Id; init; }

    /// <summary>What deployed it: a pipeline or a project. Deployments of different scopes do not follow each other.</summary>
    public string Scope { get; init; } = "";

    /// <summary>The repository.</summary>
    public string Repository { get; init; } = "";

    /// <summary>The environment; empty when it is not known, and then it is not production.</summary>
    public string Environment { get; init; } = Production;

    /// <summary>The commit that was deployed.</summary>
    public string Commit { get; init; } = "";

    /// <summary>When it began.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When it ended; null while it runs.</summary>
    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>Whether it reached its environment; null when that is not known, which is no success.</summary>
    public bool? Succeeded { get; init; } = true;

    /// <summary>Whether it went back to an earlier version. It counts as a deployment, and is told apart.</summary>
    public bool IsRollback { get; init; }

    /// <summary>Whether it was not planned and had to be made because of an incident in production (a rollback, a hotfix); null when nobody said.</summary>
    public bool? IsUnplanned { get; init; }

    internal bool IsSuccess(string environment) => Succeeded == true && FinishedAt is not null && string.Equals(Environment, environment, StringComparison.OrdinalIgnoreCase);
}
