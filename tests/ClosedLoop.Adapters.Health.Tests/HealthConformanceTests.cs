using ClosedLoop.Testing.Adapters;
using ClosedLoop.Tests.Support;
using Xunit.Abstractions;

namespace ClosedLoop.Adapters.Health.Tests;

public sealed class HealthConformanceTests(ITestOutputHelper output) : AdapterConformanceTests(output)
{
    private static readonly Uri Service = new("http://service.example/");

    protected override AdapterExample Example() => new()
    {
        Create = static handler => HealthAdapter.Create(Given.Options(Given.Prometheus(Service)), new HttpClient(handler), TimeProvider.System),
        Record = static traffic => traffic.On("GET", "/api/v1/query", """{"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":[1772442000,"0.01"]}]}}"""),
        Look = new ProbeBatch { Source = "health", SweepSince = Given.Start, At = Given.Start },
    };
}
