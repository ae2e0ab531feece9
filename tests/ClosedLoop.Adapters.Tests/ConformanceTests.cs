using System.Globalization;
using ClosedLoop.Testing.Adapters;
using Xunit.Abstractions;

namespace ClosedLoop.Adapters.Tests;

/// <summary>Every adapter that ships passes the kit, and holds against many changed deliveries.</summary>
public sealed class ConformanceTests(ITestOutputHelper output)
{
    // CLOSEDLOOP_MUTANTS=1000000 is the long mode: so many for each adapter.
    private static readonly int Mutants = int.Parse(Environment.GetEnvironmentVariable("CLOSEDLOOP_MUTANTS") ?? "20000", CultureInfo.InvariantCulture);

    public static TheoryData<string, string> Cases
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (string story in AdapterStories.All.Keys)
                foreach (var conformance in AdapterConformance.Cases)
                    data.Add(story, conformance.Name);
            return data;
        }
    }

    public static TheoryData<string> Stories => [.. AdapterStories.All.Keys];

    [Theory]
    [MemberData(nameof(Cases))]
    public Task Conforms(string story, string conformance) => AdapterConformance.Find(conformance).Run(AdapterStories.All[story]());

    [Theory]
    [MemberData(nameof(Stories))]
    public async Task Holds_against_changed_deliveries(string story)
    {
        var outcomes = await AdapterFuzz.RunAsync(AdapterStories.All[story](), Mutants, seed: 1);
        output.WriteLine(string.Join(", ", outcomes.Select(static o => $"{o.Key}: {o.Value}")));
    }
}
