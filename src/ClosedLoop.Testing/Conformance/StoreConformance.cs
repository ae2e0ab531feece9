namespace ClosedLoop.Testing.Conformance;

/// <summary>
/// What every <see cref="Storage.ILoopStore"/> does, as cases that any test framework can run: for each case a fresh store,
/// initialized and empty.
/// </summary>
/// <example>
/// <code>
/// public static TheoryData&lt;string&gt; Cases => [.. StoreConformance.Cases.Select(c => c.Name)];
///
/// [Theory, MemberData(nameof(Cases))]
/// public async Task Conforms(string name)
/// {
///     var store = new MyStore();
///     await store.InitializeAsync(default);
///     await StoreConformance.Find(name).Run(store);
/// }
/// </code>
/// </example>
public static class StoreConformance
{
    /// <summary>All cases, in a fixed order.</summary>
    public static IReadOnlyList<ConformanceCase> Cases { get; } =
    [
        .. LoadCases.All,
        .. IndexCases.All,
        .. CommitCases.All,
        .. DocumentCases.All,
        .. DueCases.All,
        .. OutboxCases.All,
        .. ItemCases.All,
        .. BoardCases.All,
        .. LogCases.All,
        .. PurgeCases.All,
        .. PipelineCases.All,
        .. EngineCases.All,
    ];

    /// <summary>Finds a case by its name.</summary>
    /// <exception cref="ArgumentException">There is no such case.</exception>
    public static ConformanceCase Find(string name) =>
        Cases.FirstOrDefault(c => c.Name == name) ?? throw new ArgumentException($"There is no conformance case '{name}'.", nameof(name));
}
