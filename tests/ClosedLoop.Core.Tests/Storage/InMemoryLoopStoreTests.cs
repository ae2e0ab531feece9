using ClosedLoop.Storage.InMemory;
using ClosedLoop.Storage.Tests;

namespace ClosedLoop.Core.Tests.Storage;

public sealed class InMemoryLoopStoreTests : StoreConformanceTests<InMemoryLoopStore>
{
    protected override async Task WithStoreAsync(Func<InMemoryLoopStore, Task> use)
    {
        var store = new InMemoryLoopStore();
        await store.InitializeAsync(default);
        await use(store);
    }
}
