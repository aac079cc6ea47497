-- Whether the key of a subject, which begins somewhere in the key of its record, has all or any of the parts in ARGV, from an index
-- on; every key has none.
local function isMadeOf(record, start, match, firstPart)
  if #ARGV < firstPart then
    return true
  end
  local isAll = match == 'all'
  local segments
  for at = firstPart, #ARGV do
    -- Most have not even its characters.
    local has = string.find(record, ARGV[at], start, true) ~= nil
    if has then
      segments = segments or '&' .. string.sub(record, start) .. '&'
      has = string.find(segments, '&' .. ARGV[at] .. '&', 1, true) ~= nil
    end
    if has ~= isAll then
      return has
    end
  end
  return isAll
end
