using System.ComponentModel;
using System.Data.Common;
using System.Globalization;
using ClosedLoop.Cli.Commands;
using ClosedLoop.Cli.Judging;
using ClosedLoop.Cli.Reading;
using ClosedLoop.Cli.Targets;
using ClosedLoop.Cli.Writing;
using ClosedLoop.Facts;
using ClosedLoop.Storage;
using ModelContextProtocol;

namespace ClosedLoop.Cli.Agents;

/// <summary>The tools that an agent has: what is really true of its items. It writes as itself, and only the gates that it owns.</summary>
internal sealed class AgentTools(Target target, string agent, CliEnvironment environment)
{
    private const int MaxGates = 24;
    private const int MaxStuck = 10;
    private const int LongestWaitSeconds = 600;
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(2);

    [Description("What the record says of one item: whether it is done, where it stands, and the status of each gate. Use why_not_done for what to do about it.")]
    public Task<string> ItemStatusAsync([Description("The item's id, such as BL-42.")] string item, CancellationToken cancellationToken = default) => AskAsync(item, static (inquiry, answer) =>
    {
        var shown = inquiry.Item.Gates.Take(MaxGates).Select(static g => $"{g.Name}: {g.Status}{(g.Reason is "none" or "exact" ? "" : $" ({g.Reason})")}");
        answer.Add("waitingOn", inquiry.Item.WaitingOn, 60).Add("gates", shown, 64).Add("overdue", inquiry.Item.OverdueGates.Take(5)).Add("updatedAt", inquiry.Item.UpdatedAt);
    }, cancellationToken);

    [Description("Why an item is not done: the gate that holds it up, since when, who says so, and what would release it. Say that work is done only when this says done: true.")]
    public Task<string> WhyNotDoneAsync([Description("The item's id, such as BL-42.")] string item, CancellationToken cancellationToken = default) =>
        AskAsync(item, static (inquiry, answer) => Explain(inquiry, answer), cancellationToken);

    [Description("Lists the items that are stuck, the oldest first: overdue, failed, gone back, waiting for a person, or not to be seen.")]
    public Task<string> ListStuckAsync([Description("How many to list, 1 to 10.")] int limit = 5, CancellationToken cancellationToken = default) => GuardAsync(async () =>
    {
        var reader = await target.OpenAsync(environment, cancellationToken).ConfigureAwait(false);
        await using (reader.ConfigureAwait(false))
        {
            var (items, total, isComplete) = await StuckCommand.FindAsync(reader, Math.Clamp(limit, 1, MaxStuck), cancellationToken).ConfigureAwait(false);
            string text;
            int count = items.Count;
            do
            {
                var listed = items.Take(count).Select(static s => new AgentAnswer().Add("item", s.Id, 80).Add("cause", s.Cause, 30).Add("gate", s.Gate, 60).Add("since", s.Since).Add("why", s.Why, 160));
                text = new AgentAnswer().Add("total", total).Add("complete", isComplete).Add("items", listed).Write();
            }
            while (text.Length > AgentAnswer.MaxLength && --count > 0);
            return text;
        }
    });

    [Description("Records, as this agent, what a gate of an item is now, with evidence. Only gates that an agent owns are taken (pr-opened in the default pipeline); others are refused, and the attempt is kept. Nothing that is recorded here makes an item done by itself.")]
    public Task<string> RecordFactAsync(
        [Description("The item's id.")] string item,
        [Description("The gate, such as pr-opened.")] string gate,
        [Description("Where a person can see that it is so: an absolute http(s) address, such as the pull request's.")] string evidenceUrl,
        [Description("passed, running or failed.")] string status = "passed",
        [Description("One short sentence.")] string? detail = null,
        CancellationToken cancellationToken = default) => GuardAsync(async () =>
    {
        if (!Enum.TryParse<GateStatus>(status, ignoreCase: true, out var observed) || observed is not (GateStatus.Passed or GateStatus.Running or GateStatus.Failed)) return Refused($"status '{status}' is not taken; use passed, running or failed.");
        if (!Uri.TryCreate(evidenceUrl, UriKind.Absolute, out var url) || (url.Scheme != Uri.UriSchemeHttp && url.Scheme != Uri.UriSchemeHttps)) return Refused("evidenceUrl must be an absolute http(s) address: no evidence is never a pass.");
        var reader = await target.OpenAsync(environment, cancellationToken).ConfigureAwait(false);
        await using (reader.ConfigureAwait(false))
        {
            if (await reader.FindAsync(item, cancellationToken).ConfigureAwait(false) is not { } known) return Refused(await Inquiry.UnknownAsync(reader, item, target.ToString(), cancellationToken).ConfigureAwait(false));
            if (known.Gates.All(g => g.Name != gate)) return Refused($"it has no gate '{gate}'; it has {string.Join(", ", known.Gates.Take(MaxGates).Select(static g => g.Name))}.");
        }
        var writer = await target.OpenForWritingAsync(environment, cancellationToken).ConfigureAwait(false);
        await using (writer.ConfigureAwait(false))
        {
            if (await writer.RecordAsAgentAsync(item, gate, agent, observed, Evidence.At(url), detail, cancellationToken).ConfigureAwait(false) is { } refusal) return Refused(refusal);
        }
        return await AskAsync(item, static (inquiry, answer) => Explain(inquiry, answer.Add("recorded", true)), cancellationToken).ConfigureAwait(false);
    });

    [Description("Waits until an item is done or abandoned, at most timeoutSeconds, and says how it stands then. Call it again to wait on.")]
    public Task<string> WaitUntilDoneAsync(
        [Description("The item's id.")] string item,
        [Description("How long to wait, 1 to 600 seconds.")] int timeoutSeconds = 60,
        IProgress<ProgressNotificationValue>? progress = null,
        CancellationToken cancellationToken = default) => GuardAsync(async () =>
    {
        int limit = Math.Clamp(timeoutSeconds, 1, LongestWaitSeconds);
        var started = environment.Time.GetUtcNow();
        while (true)
        {
            var reader = await target.OpenAsync(environment, cancellationToken).ConfigureAwait(false);
            double waited;
            await using (reader.ConfigureAwait(false))
            {
                if (await Inquiry.FindAsync(reader, item, cancellationToken).ConfigureAwait(false) is not { } inquiry) return Unknown(await Inquiry.UnknownAsync(reader, item, target.ToString(), cancellationToken).ConfigureAwait(false));
                waited = (environment.Time.GetUtcNow() - started).TotalSeconds;
                if (inquiry.Judgement.Verdict is Verdict.Done or Verdict.Abandoned || waited >= limit) return Tell(inquiry, Explain);
                progress?.Report(new ProgressNotificationValue { Progress = (float)waited, Total = limit, Message = Showing.Plain.Line(inquiry.Item.Why, 200) });
            }
            var left = TimeSpan.FromSeconds(limit - waited);
            await Task.Delay(left < LookAgain ? left : LookAgain, environment.Time, cancellationToken).ConfigureAwait(false);
        }
    });

    private static void Explain(Inquiry inquiry, AgentAnswer answer)
    {
        var (item, judgement) = inquiry;
        answer.Add("gate", judgement.Gate?.Name, 60).Add("since", judgement.Gate?.Since).Add("writer", judgement.Gate?.Writer, 80).Add("why", item.Why, 500);
        if (judgement.Verdict != Verdict.Done) answer.Add("release", judgement.Release, 300);
        answer.Add("evidence", judgement.Gate?.Evidence?.Url, 200).Add("overdue", item.OverdueGates.Take(5)).Add("nextLookAt", item.NextLookAt);
    }

    private static string Tell(Inquiry inquiry, Action<Inquiry, AgentAnswer> tell)
    {
        var answer = new AgentAnswer().Add("item", inquiry.Item.Id, 120).Add("title", inquiry.Item.Title, 120).Add("done", inquiry.Item.Done)
            .Add("verdict", inquiry.Judgement.Verdict.ToString().ToLowerInvariant()).Add("doneDefinition", inquiry.Item.DoneDefinition, 60);
        tell(inquiry, answer);
        return answer.Write();
    }

    private Task<string> AskAsync(string item, Action<Inquiry, AgentAnswer> tell, CancellationToken cancellationToken) => GuardAsync(async () =>
    {
        var reader = await target.OpenAsync(environment, cancellationToken).ConfigureAwait(false);
        await using (reader.ConfigureAwait(false))
        {
            return await Inquiry.FindAsync(reader, item, cancellationToken).ConfigureAwait(false) is { } inquiry
                ? Tell(inquiry, tell)
                : Unknown(await Inquiry.UnknownAsync(reader, item, target.ToString(), cancellationToken).ConfigureAwait(false));
        }
    });

    private static string Unknown(string what) => new AgentAnswer().Add("done", false).Add("error", what, 600).Write();

    private static string Refused(string why) => new AgentAnswer().Add("recorded", false).Add("refusal", why, 600).Write();

    // A model is told what went wrong as an answer, and can act on it.
    private static async Task<string> GuardAsync(Func<Task<string>> run)
    {
        try
        {
            return await run().ConfigureAwait(false);
        }
        catch (Exception e) when (e is CommandFailure or StoreUnavailableException or StoreVersionException or ArgumentException or InvalidOperationException or IOException or DbException)
        {
            return Unknown(string.Create(CultureInfo.InvariantCulture, $"It cannot be said now: {e.Message}"));
        }
    }
}
