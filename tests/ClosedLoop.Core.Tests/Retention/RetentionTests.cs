using ClosedLoop.Core.Tests.Support;
using ClosedLoop.Facts;
using ClosedLoop.Hosting;
using ClosedLoop.Intake;
using ClosedLoop.Retention;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ClosedLoop.Core.Tests.Retention;

/// <summary>What is forgotten harms nothing: a forgotten delivery that comes again changes nothing.</summary>
public sealed class RetentionTests
{
    [Fact]
    public async Task A_delivery_id_is_known_for_thirty_days_and_a_repetition_after_that_changes_nothing()
    {
        using var loop = new LoopFixture();
        var delivery = LoopFixture.Submission(Given.PrOpen(1, 1, Given.Item(1)), Given.Merged(1, 2)) with { DeliveryId = "d-1" };
        Assert.Equal(SubmissionOutcome.Committed, await SendAsync(loop, delivery));
        string states = await loop.StatesAsync();

        await loop.RunAsync(TimeSpan.FromDays(29), TimeSpan.FromDays(1));
        Assert.Equal(SubmissionOutcome.Duplicate, await SendAsync(loop, delivery));

        await loop.RunAsync(TimeSpan.FromDays(2), TimeSpan.FromDays(1));
        Assert.Equal(SubmissionOutcome.Committed, await SendAsync(loop, delivery));
        Assert.Equal(states, await loop.StatesAsync());
    }

    [Fact]
    public async Task What_was_kept_aside_stays_unless_it_is_to_be_forgotten()
    {
        foreach (bool forgets in new[] { false, true })
        {
            using var loop = new LoopFixture(l => l.ConfigureRetention(o => o.Quarantine = forgets ? TimeSpan.FromDays(7) : null));
            await SendAsync(loop, LoopFixture.Submission(Given.Merged(1, 2)) with { Writers = [Given.Ci], ReceivedAt = loop.Now });
            Assert.Single(await loop.QuarantineAsync());

            await loop.RunAsync(TimeSpan.FromDays(8), TimeSpan.FromDays(1));
            Assert.Equal(forgets ? 0 : 1, (await loop.QuarantineAsync()).Count);
        }
    }

    [Fact]
    public async Task More_than_one_step_takes_is_forgotten_all_the_same()
    {
        using var loop = new LoopFixture();
        for (int i = 0; i < 1_500; i++) await SendAsync(loop, LoopFixture.Submission(Given.PrOpen(1, 1)) with { DeliveryId = $"d-{i}" });
        await loop.RunAsync(TimeSpan.FromDays(31), TimeSpan.FromDays(31));
        foreach (int i in new[] { 0, 999, 1_000, 1_499 })
            Assert.Equal(SubmissionOutcome.Committed, await SendAsync(loop, LoopFixture.Submission(Given.PrOpen(1, 1)) with { DeliveryId = $"d-{i}" }));
    }

    [Fact]
    public void An_age_that_would_forget_what_is_still_repeated_is_refused_with_its_option()
    {
        using var provider = new ServiceCollection().AddClosedLoop(l => l.ConfigureRetention(static o => o.Deliveries = TimeSpan.FromHours(1))).BuildServiceProvider();
        var error = Assert.Throws<OptionsValidationException>(() => provider.GetRequiredService<IOptions<RetentionOptions>>().Value);
        Assert.Contains("Retention:Deliveries must be one day or more", error.Message, StringComparison.Ordinal);
    }

    private static async Task<SubmissionOutcome> SendAsync(LoopFixture loop, Submission submission) => (await loop.Get<IIntake>().SubmitAsync(submission)).Outcome;
}
