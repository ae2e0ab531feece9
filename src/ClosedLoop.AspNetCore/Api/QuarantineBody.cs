namespace ClosedLoop.AspNetCore.Api;

internal sealed record QuarantineBody(IReadOnlyList<QuarantineEntryBody> Entries);
