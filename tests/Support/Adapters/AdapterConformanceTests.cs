using System.Globalization;
using ClosedLoop.Testing.Adapters;
using Xunit.Abstractions;

namespace ClosedLoop.Tests.Support;

/// <summary>The adapter passes the kit, and holds against many changed deliveries.</summary>
public abstract class AdapterConformanceTests(ITestOutputHelper output)
{
    // CLOSEDLOOP_MUTANTS=1000000 is the long mode: so many for each adapter.
    private static readonly int Mutants = int.Parse(Environment.GetEnvironmentVariable("CLOSEDLOOP_MUTANTS") ?? "20000", CultureInfo.InvariantCulture);

    public static TheoryData<string> Cases => [.. AdapterConformance.Cases.Select(static c => c.Name)];

    protected abstract AdapterExample Example();

    [Theory]
    [MemberData(nameof(Cases))]
    public Task Conforms(string name) => AdapterConformance.Find(name).Run(Example());

    [Fact]
    public async Task Holds_against_changed_deliveries()
    {
        var example = Example();
        var outcomes = await AdapterFuzz.RunAsync(example, Mutants, seed: 1);
        output.WriteLine(string.Join(", ", outcomes.Select(static o => $"{o.Key}: {o.Value}")));
        Assert.Equal(example.Deliveries.Count == 0 ? 0 : Mutants, outcomes.Values.Sum());
    }
}
