namespace ClosedLoop.Testing.Adapters;

/// <summary>What every adapter does, as cases that any test framework can run.</summary>
/// <example>
/// <code>
/// public static TheoryData&lt;string&gt; Cases => [.. AdapterConformance.Cases.Select(c => c.Name)];
///
/// [Theory, MemberData(nameof(Cases))]
/// public Task Conforms(string name) => AdapterConformance.Find(name).Run(MyAdapterExample.Create());
/// </code>
/// </example>
public static class AdapterConformance
{
    /// <summary>All cases, in a fixed order. One that has nothing to check (no webhooks, no probe) passes.</summary>
    public static IReadOnlyList<AdapterCase> Cases { get; } = [.. WebhookCases.All, .. HostileCases.All, .. ConvergenceCases.All, .. ProbeCases.All];

    /// <summary>Finds a case by its name.</summary>
    /// <exception cref="ArgumentException">There is no such case.</exception>
    public static AdapterCase Find(string name) =>
        Cases.FirstOrDefault(c => c.Name == name) ?? throw new ArgumentException($"There is no adapter case '{name}'.", nameof(name));
}
