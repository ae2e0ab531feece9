using System.Text.Json;

namespace ClosedLoop.Adapters.GitHub.Probing;

/// <summary>One delivery in a hook's list.</summary>
/// <param name="Id">Its number, which a repetition does not share.</param>
/// <param name="Guid">What <c>X-GitHub-Delivery</c> said, the same for its repetitions.</param>
/// <param name="At">When it was made.</param>
/// <param name="Event">The event.</param>
/// <param name="IsRepetition">Whether somebody had it sent again.</param>
/// <param name="Status"><c>OK</c>, or how it failed.</param>
internal sealed record HookDelivery(long Id, string Guid, DateTimeOffset At, string Event, bool IsRepetition, string Status)
{
    public bool HasArrived => Status == "OK";

    public static HookDelivery? Read(JsonElement item) =>
        item.Long("id") is { } id and > 0 && item.Text("guid") is { Length: <= 100 } guid && item.Time("delivered_at") is { } at && item.Text("status") is { } status
            ? new HookDelivery(id, guid, at, item.Text("event") ?? "", item.Flag("redelivery") == true, status)
            : null;
}
