using ClosedLoop.Testing.Adapters;
using ClosedLoop.Tests.Support;
using Xunit.Abstractions;

namespace ClosedLoop.Adapters.Health.Tests;

public sealed class AlertConformanceTests(ITestOutputHelper output) : AdapterConformanceTests(output)
{
    protected override AdapterExample Example() => new()
    {
        Create = static handler => HealthAdapter.Create(Given.Alerts(), new HttpClient(handler), TimeProvider.System),
        Deliveries =
        [
            Given.Delivery(Given.Notification(Given.Alert("HighErrorRate", 1))),
            Given.Delivery(Given.Notification(Given.Alert("HighErrorRate", 1), Given.Alert("SlowAnswers", 2))),
            Given.Delivery(Given.Notification(Given.Alert("HighErrorRate", 1, 3), Given.Alert("SlowAnswers", 2))),
            Given.Delivery(Given.Notification(Given.Alert("SlowAnswers", 2, 4))),
        ],
        SignsBody = false,
        Secrets = [Given.AlertToken],
    };
}
