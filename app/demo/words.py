"""The demo's vocabulary: invented people and places by country, and what a trekking company's callers talk about."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Town:
    """Where a contact lives; `code` is the area code of its numbers, or the telecom circle in India."""

    name: str
    state: str
    postal_code: str
    code: str


@dataclass(frozen=True, slots=True)
class Topic:
    """What a conversation is about, in the words that each vendor keeps of it."""

    name: str
    wrap_up: str
    note: str
    summary: str
    # Whether it is over in seconds.
    brief: bool = False


FIRST_NAMES = {
    "NP": (
        "Aarati", "Anil", "Anju", "Bikash", "Bimala", "Binod", "Deepa", "Dipesh", "Gita", "Hari", "Ishwor", "Kabita",
        "Kiran", "Laxmi", "Manisha", "Milan", "Nabin", "Nirmala", "Pemba", "Prakash", "Puja", "Rajan", "Ramesh",
        "Rekha", "Roshan", "Sabina", "Sagar", "Sarita", "Shanti", "Sunil", "Sushma", "Tenzin", "Umesh", "Yangji",
    ),
    "IN": (
        "Aditi", "Ajay", "Ananya", "Arjun", "Asha", "Deepak", "Divya", "Esha", "Farhan", "Gaurav", "Harpreet", "Imran",
        "Isha", "Jaspreet", "Kavya", "Lakshmi", "Manoj", "Meera", "Mohit", "Nandini", "Neha", "Nikhil", "Pooja",
        "Pradeep", "Priya", "Rahul", "Ravi", "Rohan", "Sameer", "Sanjana", "Shreya", "Suresh", "Tanvi", "Varun",
        "Vikram", "Zoya",
    ),
    "US": (
        "Aaron", "Alice", "Amber", "Brandon", "Carmen", "Chloe", "Daniel", "Diane", "Ethan", "Frank", "Grace", "Hannah",
        "Isaac", "Janet", "Jonas", "Karen", "Kyle", "Laura", "Marcus", "Megan", "Nathan", "Olivia", "Peter", "Rachel",
        "Rosa", "Samuel", "Sofia", "Teresa", "Tyler", "Victor", "Wendy",
    ),
}  # fmt: skip
LAST_NAMES = {
    "NP": (
        "Adhikari", "Basnet", "Bhandari", "Chaudhary", "Gurung", "Joshi", "Karki", "Khadka", "Lama", "Magar",
        "Maharjan", "Poudel", "Pradhan", "Rai", "Shakya", "Sherpa", "Shrestha", "Tamang", "Thapa", "Tuladhar",
    ),
    "IN": (
        "Agarwal", "Banerjee", "Bhat", "Chopra", "Das", "Fernandes", "Gill", "Gupta", "Iyer", "Jain", "Kapoor", "Khan",
        "Kulkarni", "Malik", "Mehta", "Menon", "Nair", "Patel", "Pillai", "Rao", "Reddy", "Sethi", "Sharma", "Singh",
        "Verma", "Yadav",
    ),
    "US": (
        "Abbott", "Baker", "Bennett", "Carter", "Delgado", "Doe", "Ellis", "Foster", "Garcia", "Hayes", "Jensen",
        "Kelly", "Larsen", "Miller", "Nguyen", "Olson", "Parker", "Quinn", "Reyes", "Sanders", "Turner", "Walsh",
        "Young", "Zimmer",
    ),
}  # fmt: skip
TOWNS = {
    "NP": (
        Town("Kathmandu", "Bagmati", "44600", "84"),
        Town("Lalitpur", "Bagmati", "44700", "80"),
        Town("Pokhara", "Gandaki", "33700", "85"),
        Town("Biratnagar", "Koshi", "56613", "81"),
        Town("Butwal", "Lumbini", "32907", "86"),
    ),
    "IN": (
        Town("New Delhi", "Delhi", "110001", "Delhi"),
        Town("Mumbai", "Maharashtra", "400001", "Mumbai"),
        Town("Pune", "Maharashtra", "411001", "Maharashtra"),
        Town("Bengaluru", "Karnataka", "560001", "Karnataka"),
        Town("Chennai", "Tamil Nadu", "600001", "Tamil Nadu"),
        Town("Kolkata", "West Bengal", "700001", "Kolkata"),
        Town("Jaipur", "Rajasthan", "302001", "Rajasthan"),
    ),
    "US": (
        Town("Chicago", "IL", "60601", "312"),
        Town("Wichita", "KS", "67202", "316"),
        Town("Denver", "CO", "80202", "303"),
        Town("Dallas", "TX", "75201", "214"),
        Town("Minneapolis", "MN", "55401", "612"),
        Town("Milwaukee", "WI", "53202", "414"),
        Town("Kansas City", "MO", "64106", "816"),
        Town("Nashville", "TN", "37203", "615"),
        Town("Portland", "OR", "97204", "503"),
        Town("Salt Lake City", "UT", "84101", "801"),
    ),
}
CARRIERS = ("Airtel India", "Reliance Jio", "Vodafone Idea", "BSNL")
TOPICS = (
    Topic(
        "Trek enquiry",
        "Interested",
        "Asked for the Annapurna Circuit in spring, two people. Send the itinerary by mail.",
        "The caller asked for a trek in spring. The agent explained two routes and promised an itinerary.",
    ),
    Topic(
        "New booking",
        "Booked",
        "Booked the Langtang trek, deposit paid by card.",
        "The caller booked a trek and paid the deposit. The agent confirmed the dates.",
    ),
    Topic(
        "Booking change",
        "Changed",
        "Wants to start two days later; the lodge is free, the guide agreed.",
        "The caller moved the start of the trek. The agent checked the lodge and confirmed the new dates.",
    ),
    Topic(
        "Price question",
        "Follow up",
        "Compares our price with another company. Call again on Friday.",
        "The caller asked what the price includes. The agent offered to call again with a group price.",
    ),
    Topic(
        "Gear order",
        "Ordered",
        "Two down jackets, size M, delivery to the hotel.",
        "The caller ordered jackets for the trek. The agent arranged the delivery.",
    ),
    Topic(
        "Permit question",
        "Answered",
        "Explained the permit for Upper Mustang, sent the list of papers.",
        "The caller asked which permit is needed. The agent listed the papers.",
    ),
    Topic(
        "Payment",
        "Paid",
        "Second instalment arrived, receipt sent.",
        "The caller asked whether the payment had arrived. The agent confirmed it and sent a receipt.",
    ),
    Topic(
        "Complaint",
        "Escalated",
        "The bus from Pokhara was three hours late. Passed on to the operations desk.",
        "The caller complained of a late bus. The agent apologised and passed the matter on.",
    ),
    Topic(
        "Refund",
        "Refund due",
        "Cancelled for illness, doctor's letter will follow.",
        "The caller cancelled the trek for illness and asked for a refund. The agent explained the terms.",
    ),
    Topic(
        "Wrong number",
        "Wrong number",
        "Looked for somebody else.",
        "The caller had the wrong number.",
        brief=True,
    ),
)
# How often each topic comes up, in the order of the topics.
TOPIC_WEIGHTS = (22, 12, 11, 14, 8, 8, 10, 6, 5, 4)
