using ClosedLoop.Testing.Adapters;
using Xunit;

namespace CustomAdapter.Tests;

/// <summary>Everything that the kit asks of an adapter.</summary>
public sealed class ScannerAdapterTests
{
    public static TheoryData<string> Cases => [.. AdapterConformance.Cases.Select(static c => c.Name)];

    [Theory]
    [MemberData(nameof(Cases))]
    public Task Conforms(string name) => AdapterConformance.Find(name).Run(ScannerExample.Create());

    [Fact]
    public async Task Holds_against_changed_deliveries()
    {
        var outcomes = await AdapterFuzz.RunAsync(ScannerExample.Create(), count: 2_000, seed: 1);
        Assert.Equal(2_000, outcomes.Values.Sum());
    }
}
