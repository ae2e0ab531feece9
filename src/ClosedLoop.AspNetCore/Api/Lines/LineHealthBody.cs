using ClosedLoop.Lines;

namespace ClosedLoop.AspNetCore.Api.Lines;

internal sealed record LineHealthBody(string Status, string Reason, DateTimeOffset At, string Writer)
{
    public static LineHealthBody? Of(LineHealth? health) => health is null ? null : new(Names.Of(health.Status), Names.Of(health.Reason), health.At, health.Writer.ToString());
}
