using ClosedLoop.Deadlines;
using ClosedLoop.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace ClosedLoop.Samples.Tests.Docs;

/// <summary>The code of the documentation about limits.</summary>
internal static class LimitSnippets
{
    public static void Overrides(IServiceCollection services)
    {
        services.AddClosedLoop(loop => loop
            .AddPipeline("delivery", p => p
                .UseDefaultGates()
                .Gate(Gates.Reviewed, g => g.WithinFor(priority: "P0", expected: TimeSpan.FromMinutes(30)))
                .Gate(Gates.MainCi, g => g
                    .StartsWithin(TimeSpan.FromMinutes(10))
                    .WithinFor("acme/legacy-*", expected: TimeSpan.FromHours(2), buffer: TimeSpan.FromMinutes(15))
                    .WithinFor("acme/playground"))
                .DoneWithin(TimeSpan.FromHours(12))));
    }

    public static void Calendars(ClosedLoopBuilder loop)
    {
        var berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");
        loop.ConfigureLimits(o =>
        {
            o.Freezes.Add(new FreezeWindow(From: new DateTimeOffset(2026, 12, 21, 18, 0, 0, TimeSpan.FromHours(1)), To: new DateTimeOffset(2027, 1, 4, 8, 0, 0, TimeSpan.FromHours(1)))
            {
                Gates = [Gates.ImageBuilt, Gates.RolledOut, Gates.Healthy, "done"],
                Repositories = ["acme/*"],
                Reason = "holidays",
            });
            o.WeeklyFreezes.Add(new WeeklyFreeze(berlin, DayOfWeek.Friday, new TimeOnly(14, 0), DayOfWeek.Monday, new TimeOnly(6, 0)) { Gates = [Gates.RolledOut] });
            o.BusinessHours.Add(new BusinessHours(berlin, BusinessHours.Weekdays, new TimeOnly(9, 0), new TimeOnly(17, 30), [new DateOnly(2026, 12, 25)]) { Gates = [Gates.Reviewed] });
        });
    }

    public static void Adaptive(ClosedLoopBuilder loop)
    {
        loop.ConfigureLimits(o => o.Adaptive.Add(new AdaptiveLimit(Gates.MainCi, AtMost: TimeSpan.FromHours(2))));
    }
}
