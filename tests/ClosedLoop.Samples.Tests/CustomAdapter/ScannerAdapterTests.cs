using ClosedLoop.Testing.Adapters;
using ClosedLoop.Tests.Support;

namespace ClosedLoop.Samples.Tests.CustomAdapter;

/// <summary>The sample is a whole adapter: short, and everything that the kit asks of one.</summary>
public sealed class ScannerAdapterTests
{
    public static TheoryData<string> Cases => [.. AdapterConformance.Cases.Select(static c => c.Name)];

    [Theory]
    [MemberData(nameof(Cases))]
    public Task Conforms(string name) => AdapterConformance.Find(name).Run(ScannerExample.Create());

    [Fact]
    public void It_is_a_whole_adapter_in_less_than_120_lines() =>
        Assert.InRange(File.ReadAllLines(Path.Combine(DocsRoot.Path, "samples/CustomAdapter/ScannerAdapter.cs")).Length, 60, 119);
}
