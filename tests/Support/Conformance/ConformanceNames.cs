using ClosedLoop.Testing.Conformance;

namespace ClosedLoop.Storage.Tests;

public static class ConformanceNames
{
    public static TheoryData<string> All => [.. StoreConformance.Cases.Select(c => c.Name)];
}
