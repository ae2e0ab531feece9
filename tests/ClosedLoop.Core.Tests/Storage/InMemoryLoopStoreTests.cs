using ClosedLoop.Storage.InMemory;
using ClosedLoop.Testing.Conformance;

namespace ClosedLoop.Core.Tests.Storage;

public sealed class InMemoryLoopStoreTests
{
    public static TheoryData<string> Cases => [.. StoreConformance.Cases.Select(c => c.Name)];

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task The_store_conforms(string name)
    {
        var store = new InMemoryLoopStore();
        await store.InitializeAsync(default);
        await StoreConformance.Find(name).Run(store);
    }
}
