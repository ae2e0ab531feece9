using ClosedLoop.Testing.Adapters;
using ClosedLoop.Tests.Support;
using Xunit.Abstractions;

namespace ClosedLoop.Adapters.CDEvents.Tests;

public sealed class CDEventsConformanceTests(ITestOutputHelper output) : AdapterConformanceTests(output)
{
    protected override AdapterExample Example() => new()
    {
        Create = static _ => CDEventsAdapter.Create(Given.Options()),
        Deliveries =
        [
            .. new[]
            {
                Given.Change("created", 12, 0), Given.Change("merged", 12, 5, Given.Commit('a')), Given.Run("started", "r1", 6, custom: Given.Commit('a')), Given.Run("finished", "r1", 8, "success", Given.Commit('a')),
                Given.Published('d', 9, Given.Commit('a')), Given.Service("deployed", 'd', 10), Given.Incident("detected", 'd', 12), Given.Incident("resolved", 'd', 14),
            }.Select(static e => Given.Delivery(e)),
        ],
        SignsBody = false,
        Secrets = [Given.Secret],
    };
}
