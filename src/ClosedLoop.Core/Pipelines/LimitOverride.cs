namespace ClosedLoop.Pipelines;

/// <summary>
/// Another limit of a gate for the items of some repositories or of a priority. Declared with <see cref="GateBuilder.WithinFor"/>, which
/// puts them in order; immutable.
/// </summary>
public sealed record LimitOverride
{
    /// <summary>The repositories: a name, or a beginning followed by <c>*</c> (<c>acme/*</c>), in any case. Null: any.</summary>
    public string? Repository { get; init; }

    /// <summary>The priority, in the team's own words and in any case. Null: any.</summary>
    public string? Priority { get; init; }

    /// <summary>Takes the place of <see cref="GateDefinition.StartWithin"/>. Null: never alerts that nothing has started.</summary>
    public TimeSpan? StartWithin { get; init; }

    /// <summary>Takes the place of <see cref="GateDefinition.FinishWithin"/>. Null: never alerts that it has not passed.</summary>
    public TimeSpan? FinishWithin { get; init; }

    /// <summary>Takes the place of <see cref="GateDefinition.Buffer"/>. The default is zero.</summary>
    public TimeSpan Buffer { get; init; }

    /// <summary>Whether it is for an item of this repository and priority. What is not known of an item matches nothing.</summary>
    public bool Matches(string? repository, string? priority) =>
        (Repository is null || (repository is not null && NamePattern.Matches(Repository, repository)))
        && (Priority is null || string.Equals(Priority, priority, StringComparison.OrdinalIgnoreCase));

    // What is possible in a repository stands above what a priority would like: a limit that a build cannot meet only makes noise.
    internal (int, int, int) Precedence => (
        Repository is not null && Priority is not null ? 0 : Repository is not null ? 1 : 2,
        Repository?.EndsWith('*') == true ? 1 : 0,
        -(Repository?.Length ?? 0));
}
